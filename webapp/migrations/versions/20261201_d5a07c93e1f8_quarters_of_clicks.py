"""quarters of clicks.

A day begins at a quarter of an hour of UTC in every zone, and at a full hour in most alone. What was
counted by hours is told by quarters where all its clicks are kept, and else stays in the first one.

Revises: 5d0c83a1f6e4
"""

import sqlalchemy as sa
from alembic import op

revision = "d5a07c93e1f8"
down_revision = "5d0c83a1f6e4"
branch_labels = None
depends_on = None

SECONDS = {
    "sqlite": "CAST(strftime('%s', substr(click.at, 1, 19)) AS INTEGER)",
    "postgresql": "CAST(floor(extract(epoch FROM click.at)) AS bigint)",
}
SUMS = ("number", "readers", "newcomers")
SAME = "a.link_id = b.link_id AND a.service_id = b.service_id AND a.hour = b.hour AND a.kind = b.kind"
COUNTED = "click.id <= (SELECT coalesce(max(last_click), 0) FROM click_mark)"
# Hours of a link all of whose clicks are kept, with what is counted of each.
WHOLE = f"""
    SELECT a.link_id, a.service_id, a.hour, a.kind FROM click_count AS a JOIN (
        SELECT link_id, service_id, hour, kind, count(*) AS number,
        sum(first_on_link) AS readers, sum(first_in_delivery) AS newcomers
        FROM click WHERE {COUNTED} GROUP BY link_id, service_id, hour, kind
    ) AS b ON {SAME}
    WHERE a.number = b.number AND a.readers = b.readers AND a.newcomers = b.newcomers
"""  # noqa: S608 - names of ours
BY_LINK = f"""
    INSERT INTO click_count_fine (link_id, service_id, quarter, kind, number, readers, newcomers)
    SELECT click.link_id, click.service_id, {{quarter}}, click.kind,
    count(*), sum(click.first_on_link), sum(click.first_in_delivery)
    FROM click JOIN ({WHOLE}) AS whole ON whole.link_id = click.link_id
    AND whole.service_id = click.service_id AND whole.hour = click.hour AND whole.kind = click.kind
    WHERE {COUNTED} GROUP BY click.link_id, click.service_id, {{quarter}}, click.kind
    UNION ALL
    SELECT a.link_id, a.service_id, a.hour * 4, a.kind, a.number, a.readers, a.newcomers
    FROM click_count AS a WHERE NOT EXISTS (SELECT 1 FROM ({WHOLE}) AS b WHERE {SAME})
"""  # noqa: S608 - names of ours
BY_ACCOUNT = """
    INSERT INTO click_quarter (service_id, quarter, kind, number, readers, newcomers)
    SELECT service_id, quarter, kind, sum(number), sum(readers), sum(newcomers)
    FROM click_count GROUP BY service_id, quarter, kind
"""
# An account keeps what it counted of deliveries that were deleted.
OF_THE_GONE = """
    INSERT INTO click_quarter (service_id, quarter, kind, number, readers, newcomers)
    SELECT a.service_id, a.hour * 4, a.kind, a.number - coalesce(b.number, 0),
    a.readers - coalesce(b.readers, 0), a.newcomers - coalesce(b.newcomers, 0)
    FROM click_hour AS a LEFT JOIN (
        SELECT service_id, quarter / 4 AS hour, kind, sum(number) AS number,
        sum(readers) AS readers, sum(newcomers) AS newcomers
        FROM click_quarter GROUP BY service_id, quarter / 4, kind
    ) AS b ON a.service_id = b.service_id AND a.hour = b.hour AND a.kind = b.kind
    WHERE a.number > coalesce(b.number, 0)
    ON CONFLICT (service_id, quarter, kind) DO UPDATE SET
    number = click_quarter.number + excluded.number,
    readers = click_quarter.readers + excluded.readers,
    newcomers = click_quarter.newcomers + excluded.newcomers
"""


def upgrade() -> None:
    """Go to the new shape."""
    quarter = f"click.hour * 4 + {SECONDS[op.get_bind().dialect.name]} % 3600 / 900"
    _table("click_count", "click_count_fine", "quarter")
    op.execute(BY_LINK.format(quarter=quarter))
    _replace("quarter")
    _account_table("click_quarter", "quarter")
    op.execute(BY_ACCOUNT)
    op.execute(OF_THE_GONE)
    op.drop_table("click_hour")
    op.execute(f"UPDATE click SET hour = {quarter}")  # noqa: S608 - names of ours
    op.execute("ALTER TABLE click RENAME COLUMN hour TO quarter")


def downgrade() -> None:
    """Go back to the old shape: what is told by quarters is told by hours again."""
    op.execute("ALTER TABLE click RENAME COLUMN quarter TO hour")
    op.execute("UPDATE click SET hour = hour / 4")
    _account_table("click_hour", "hour")
    _fold("click_quarter", "click_hour", ("service_id", "kind"))
    op.drop_table("click_quarter")
    _table("click_count", "click_count_fine", "hour")
    _fold("click_count", "click_count_fine", ("link_id", "service_id", "kind"))
    _replace("hour")


def _fold(source: str, target: str, keys: tuple[str, ...]) -> None:
    names, sums = ", ".join(keys), ", ".join(f"sum({name})" for name in SUMS)
    op.execute(
        f"INSERT INTO {target} ({names}, hour, {', '.join(SUMS)}) "  # noqa: S608 - names of ours
        f"SELECT {names}, quarter / 4, {sums} FROM {source} GROUP BY {names}, quarter / 4"
    )


def _replace(moment: str) -> None:
    """Let the new table of links take the place of the old one."""
    op.drop_table("click_count")
    op.rename_table("click_count_fine", "click_count")
    op.create_index(
        op.f(f"ix_click_count_service_id_{moment}"), "click_count", ["service_id", moment]
    )


def _counters(moment: str) -> list[sa.Column[object]]:
    """Return what both tables have; each has a constraint of its own on who followed a link."""
    kind: sa.Enum = sa.Enum(
        "person", "fetcher", name="clickkind", native_enum=False, create_constraint=True, length=24
    )
    return [
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column(moment, sa.Integer(), nullable=False),
        sa.Column("kind", kind, nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in SUMS),
    ]


def _table(name: str, made: str, moment: str) -> None:
    # The old one still has its names, so the new one's keys are called by what is in them.
    op.create_table(
        made,
        sa.Column("link_id", sa.Integer(), nullable=False),
        *_counters(moment),
        sa.ForeignKeyConstraint(
            ["link_id"],
            ["tracked_link.id"],
            name=op.f(f"fk_{name}_link_id_tracked_link_{moment}"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f(f"fk_{name}_service_id_service_{moment}")
        ),
        sa.PrimaryKeyConstraint(
            "link_id", "service_id", moment, "kind", name=op.f(f"pk_{name}_{moment}")
        ),
    )


def _account_table(name: str, moment: str) -> None:
    op.create_table(
        name,
        *_counters(moment),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f(f"fk_{name}_service_id_service"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("service_id", moment, "kind", name=op.f(f"pk_{name}")),
    )
