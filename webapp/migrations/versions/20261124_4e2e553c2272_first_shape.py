"""first shape."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "4e2e553c2272"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to the new shape."""

    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("operator_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(length=255), nullable=False),
        sa.Column("action", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index(op.f("ix_audit_entry_at"), "audit_entry", ["at"], unique=False)
    op.create_index(
        op.f("ix_audit_entry_subject_subject_id"),
        "audit_entry",
        ["subject", "subject_id"],
        unique=False,
    )
    op.create_table(
        "folder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "services",
                "visitors",
                "workflows",
                name="folderkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_folder")),
        sa.UniqueConstraint("kind", "name", name=op.f("uq_folder_kind_name")),
    )
    op.create_table(
        "heartbeat",
        sa.Column("process", sa.String(length=255), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_by", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("process", name=op.f("pk_heartbeat")),
    )
    op.create_table(
        "login_throttle",
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_login_throttle")),
    )
    op.create_table(
        "operator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "admin",
                "marketer",
                "reviewer",
                "viewer",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("session_token", sa.String(length=255), nullable=False),
        sa.Column("invitation_hash", sa.String(length=255), nullable=True),
        sa.Column("invited_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("language", sa.String(length=255), nullable=False),
        sa.Column("time_zone", sa.String(length=255), nullable=False),
        sa.Column("theme", sa.String(length=255), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_login_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator")),
        sa.UniqueConstraint("email", name=op.f("uq_operator_email")),
        sa.UniqueConstraint("invitation_hash", name=op.f("uq_operator_invitation_hash")),
    )
    op.create_table(
        "quota_window",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=255), nullable=False),
        sa.Column("operation", sa.String(length=255), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("cap", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("resets_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quota_window")),
        sa.UniqueConstraint(
            "holder", "operation", "seconds", name=op.f("uq_quota_window_holder_operation_seconds")
        ),
    )
    op.create_table(
        "service",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=255), nullable=False),
        sa.Column("label", sa.String(length=255), nullable=False),
        sa.Column("internal_name", sa.String(length=255), nullable=False),
        sa.Column("remote_id", sa.String(length=255), nullable=False),
        sa.Column("folder_id", sa.Integer(), nullable=False),
        sa.Column("visitor_folder_id", sa.Integer(), nullable=False),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.Column("sync_subscriptions", sa.Boolean(), nullable=False),
        sa.Column("settings", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("memory", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "connected",
                "needs_fixing",
                name="servicestate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("account", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("checks", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("account_read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("inbox_read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("inbox_read_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("inbox_cursor", sa.Text(), nullable=True),
        sa.Column("inbox_walk_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("inbox_walk_newest", sa.DateTime(timezone=True), nullable=True),
        sa.Column("daily_cap", sa.Integer(), nullable=False),
        sa.Column("monthly_budget", sa.Numeric(precision=12, scale=4), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("daily_cap > 0", name=op.f("ck_service_daily_cap_positive")),
        sa.ForeignKeyConstraint(
            ["folder_id"], ["folder.id"], name=op.f("fk_service_folder_id_folder")
        ),
        sa.ForeignKeyConstraint(
            ["visitor_folder_id"], ["folder.id"], name=op.f("fk_service_visitor_folder_id_folder")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
        sa.UniqueConstraint("kind", "remote_id", name=op.f("uq_service_kind_remote_id")),
    )
    op.create_index(op.f("ix_service_internal_name"), "service", ["internal_name"], unique=False)
    op.create_table(
        "visitor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=255), nullable=False),
        sa.Column("remote_id", sa.String(length=255), nullable=False),
        sa.Column("origin", sa.String(length=255), nullable=False),
        sa.Column("handle", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column(
            "handle_key",
            sa.String(length=255).with_variant(sa.String(length=255, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "name_key",
            sa.String(length=255).with_variant(sa.String(length=255, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("friends", sa.Integer(), nullable=True),
        sa.Column("verified", sa.Boolean(), nullable=True),
        sa.Column("protected", sa.Boolean(), nullable=True),
        sa.Column("accepts_messages", sa.Boolean(), nullable=True),
        sa.Column("avatar_url", sa.Text(), nullable=True),
        sa.Column("folder_id", sa.Integer(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["folder_id"], ["folder.id"], name=op.f("fk_visitor_folder_id_folder")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visitor")),
        sa.UniqueConstraint("kind", "remote_id", name=op.f("uq_visitor_kind_remote_id")),
    )
    op.create_index(
        op.f("ix_visitor_first_seen_at_id"), "visitor", ["first_seen_at", "id"], unique=False
    )
    op.create_index(op.f("ix_visitor_friends_id"), "visitor", ["friends", "id"], unique=False)
    op.create_index(op.f("ix_visitor_handle_key_id"), "visitor", ["handle_key", "id"], unique=False)
    op.create_index(op.f("ix_visitor_name_key_id"), "visitor", ["name_key", "id"], unique=False)
    op.create_table(
        "workflow",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("folder_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "started",
                "paused",
                "stopped",
                name="workflowstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("schedule", sa.String(length=255), nullable=False),
        sa.Column("time_zone", sa.String(length=255), nullable=False),
        sa.Column("next_run_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["folder_id"], ["folder.id"], name=op.f("fk_workflow_folder_id_folder")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflow")),
        sa.UniqueConstraint("job", "kind", name=op.f("uq_workflow_job_kind")),
    )
    op.create_index(
        op.f("ix_workflow_state_next_run_at"), "workflow", ["state", "next_run_at"], unique=False
    )
    op.create_table(
        "charge",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("operation", sa.String(length=255), nullable=False),
        sa.Column("variant", sa.String(length=255), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_charge_service_id_service")
        ),
        sa.PrimaryKeyConstraint(
            "service_id", "day", "operation", "variant", name=op.f("pk_charge")
        ),
    )
    op.create_table(
        "inbound_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("visitor_id", sa.Integer(), nullable=False),
        sa.Column("remote_id", sa.String(length=255), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("wish", sa.String(length=255), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_inbound_note_service_id_service")
        ),
        sa.ForeignKeyConstraint(
            ["visitor_id"],
            ["visitor.id"],
            name=op.f("fk_inbound_note_visitor_id_visitor"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_note")),
        sa.UniqueConstraint(
            "service_id", "remote_id", name=op.f("uq_inbound_note_service_id_remote_id")
        ),
    )
    op.create_index(
        op.f("ix_inbound_note_visitor_id"), "inbound_note", ["visitor_id"], unique=False
    )
    op.create_table(
        "run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workflow_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "running",
                "waiting",
                "done",
                "failed",
                "stopped",
                name="runstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("started_by", sa.String(length=255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resume_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stop_asked", sa.Boolean(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("place", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("counts", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workflow_id"],
            ["workflow.id"],
            name=op.f("fk_run_workflow_id_workflow"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    op.create_index(op.f("ix_run_state_resume_at"), "run", ["state", "resume_at"], unique=False)
    op.create_index(op.f("ix_run_workflow_id_id"), "run", ["workflow_id", "id"], unique=False)
    op.create_table(
        "service_secret",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("locked", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_service_secret_service_id_service"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("service_id", "name", name=op.f("pk_service_secret")),
    )
    op.create_table(
        "subscription",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("visitor_id", sa.Integer(), nullable=False),
        sa.Column("followed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_run_id", sa.Integer(), nullable=True),
        sa.Column("wrote_first_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opted_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opt_in_proof", sa.Text(), nullable=False),
        sa.Column("opted_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("quarantined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("quarantine_reason", sa.Text(), nullable=False),
        sa.Column("soft_failures", sa.Integer(), nullable=False),
        sa.Column("last_soft_failure_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_message_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_subscription_service_id_service")
        ),
        sa.ForeignKeyConstraint(
            ["visitor_id"],
            ["visitor.id"],
            name=op.f("fk_subscription_visitor_id_visitor"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
        sa.UniqueConstraint(
            "service_id", "visitor_id", name=op.f("uq_subscription_service_id_visitor_id")
        ),
    )
    op.create_index(
        op.f("ix_subscription_service_id_opted_in_at"),
        "subscription",
        ["service_id", "opted_in_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_subscription_service_id_seen_run_id"),
        "subscription",
        ["service_id", "seen_run_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_subscription_service_id_wrote_first_at"),
        "subscription",
        ["service_id", "wrote_first_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_subscription_visitor_id"), "subscription", ["visitor_id"], unique=False
    )
    op.create_table(
        "template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=255), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "post",
                "direct",
                name="deliverykind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("built_in", sa.Boolean(), nullable=False),
        sa.Column("proof_service_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["proof_service_id"], ["service.id"], name=op.f("fk_template_proof_service_id_service")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template")),
        sa.UniqueConstraint("channel", "name", name=op.f("uq_template_channel_name")),
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=255), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "post",
                "direct",
                name="deliverykind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("label", sa.String(length=255), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "analysing",
                "ready",
                "rejected",
                "scheduled",
                "sending",
                "retrying",
                "paused",
                "finished",
                "stopped",
                name="deliverystate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("template_id", sa.Integer(), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=255), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column(
            "audience",
            sa.Enum(
                "consented",
                "everyone",
                name="audience",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("filters", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("everyone_accepted_by", sa.String(length=255), nullable=False),
        sa.Column("everyone_accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proof_service_id", sa.Integer(), nullable=True),
        sa.Column("proof_visitor_id", sa.Integer(), nullable=True),
        sa.Column("scheduled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("valid_for", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wave_size", sa.Integer(), nullable=True),
        sa.Column(
            "late_policy",
            sa.Enum(
                "ask",
                "send",
                name="latepolicy",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("analysis", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("analysed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "accepted_warnings", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.String(length=255), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.String(length=255), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resume_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_by", sa.Text(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.String(length=255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(parent_id IS NULL) = (number IS NULL)", name=op.f("ck_delivery_proof_is_numbered")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["delivery.id"], name=op.f("fk_delivery_parent_id_delivery")
        ),
        sa.ForeignKeyConstraint(
            ["proof_service_id"], ["service.id"], name=op.f("fk_delivery_proof_service_id_service")
        ),
        sa.ForeignKeyConstraint(
            ["proof_visitor_id"],
            ["visitor.id"],
            name=op.f("fk_delivery_proof_visitor_id_visitor"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["template_id"], ["template.id"], name=op.f("fk_delivery_template_id_template")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("parent_id", "number", name=op.f("uq_delivery_parent_id_number")),
    )
    op.create_index(op.f("ix_delivery_parent_id"), "delivery", ["parent_id"], unique=False)
    op.create_index(
        op.f("ix_delivery_state_resume_at"), "delivery", ["state", "resume_at"], unique=False
    )
    op.create_table(
        "run_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("level", sa.String(length=255), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["run.id"], name=op.f("fk_run_entry_run_id_run"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run_entry")),
    )
    op.create_index(op.f("ix_run_entry_run_id"), "run_entry", ["run_id"], unique=False)
    op.create_table(
        "delivery_service",
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["delivery.id"],
            name=op.f("fk_delivery_service_delivery_id_delivery"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_delivery_service_service_id_service")
        ),
        sa.PrimaryKeyConstraint("delivery_id", "service_id", name=op.f("pk_delivery_service")),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "post",
                "direct",
                name="deliverykind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("visitor_id", sa.Integer(), nullable=True),
        sa.Column("subscription_id", sa.Integer(), nullable=True),
        sa.Column("recipient", sa.String(length=255), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "ignored",
                "pending",
                "sending",
                "sent",
                "failed",
                "unknown",
                "cancelled",
                name="messagestate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=255), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remote_id", sa.String(length=255), nullable=True),
        sa.Column("remote_url", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["delivery.id"],
            name=op.f("fk_message_delivery_id_delivery"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_message_service_id_service")
        ),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscription.id"],
            name=op.f("fk_message_subscription_id_subscription"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["visitor_id"],
            ["visitor.id"],
            name=op.f("fk_message_visitor_id_visitor"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint(
            "delivery_id", "recipient", name=op.f("uq_message_delivery_id_recipient")
        ),
    )
    op.create_index(
        op.f("ix_message_delivery_id_changed_at_id"),
        "message",
        ["delivery_id", "changed_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_message_delivery_id_state_due_at_id"),
        "message",
        ["delivery_id", "state", "due_at", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_message_visitor_id"), "message", ["visitor_id"], unique=False)
    op.create_index(
        "uq_message_service_id_kind_remote_id",
        "message",
        ["service_id", "kind", "remote_id"],
        unique=True,
        sqlite_where=sa.text("remote_id IS NOT NULL"),
        postgresql_where=sa.text("remote_id IS NOT NULL"),
    )
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "sent",
                "failed",
                "unknown",
                "not_sent",
                name="attemptoutcome",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("code", sa.String(length=255), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("cost", sa.Numeric(precision=12, scale=4), nullable=True),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["message.id"],
            name=op.f("fk_attempt_message_id_message"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint("message_id", "number", name=op.f("uq_attempt_message_id_number")),
    )


def downgrade() -> None:
    """Go back to the old shape."""

    op.drop_table("attempt")
    op.drop_index(
        "uq_message_service_id_kind_remote_id",
        table_name="message",
        sqlite_where=sa.text("remote_id IS NOT NULL"),
        postgresql_where=sa.text("remote_id IS NOT NULL"),
    )
    op.drop_index(op.f("ix_message_visitor_id"), table_name="message")
    op.drop_index(op.f("ix_message_delivery_id_state_due_at_id"), table_name="message")
    op.drop_index(op.f("ix_message_delivery_id_changed_at_id"), table_name="message")
    op.drop_table("message")
    op.drop_table("delivery_service")
    op.drop_index(op.f("ix_run_entry_run_id"), table_name="run_entry")
    op.drop_table("run_entry")
    op.drop_index(op.f("ix_delivery_state_resume_at"), table_name="delivery")
    op.drop_index(op.f("ix_delivery_parent_id"), table_name="delivery")
    op.drop_table("delivery")
    op.drop_table("template")
    op.drop_index(op.f("ix_subscription_visitor_id"), table_name="subscription")
    op.drop_index(op.f("ix_subscription_service_id_wrote_first_at"), table_name="subscription")
    op.drop_index(op.f("ix_subscription_service_id_seen_run_id"), table_name="subscription")
    op.drop_index(op.f("ix_subscription_service_id_opted_in_at"), table_name="subscription")
    op.drop_table("subscription")
    op.drop_table("service_secret")
    op.drop_index(op.f("ix_run_workflow_id_id"), table_name="run")
    op.drop_index(op.f("ix_run_state_resume_at"), table_name="run")
    op.drop_table("run")
    op.drop_index(op.f("ix_inbound_note_visitor_id"), table_name="inbound_note")
    op.drop_table("inbound_note")
    op.drop_table("charge")
    op.drop_index(op.f("ix_workflow_state_next_run_at"), table_name="workflow")
    op.drop_table("workflow")
    op.drop_index(op.f("ix_visitor_name_key_id"), table_name="visitor")
    op.drop_index(op.f("ix_visitor_handle_key_id"), table_name="visitor")
    op.drop_index(op.f("ix_visitor_friends_id"), table_name="visitor")
    op.drop_index(op.f("ix_visitor_first_seen_at_id"), table_name="visitor")
    op.drop_table("visitor")
    op.drop_index(op.f("ix_service_internal_name"), table_name="service")
    op.drop_table("service")
    op.drop_table("quota_window")
    op.drop_table("operator")
    op.drop_table("login_throttle")
    op.drop_table("heartbeat")
    op.drop_table("folder")
    op.drop_index(op.f("ix_audit_entry_subject_subject_id"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_at"), table_name="audit_entry")
    op.drop_table("audit_entry")
