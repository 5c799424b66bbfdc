"""days of consents.

Who agrees to messages, and who takes that back, is counted by days of the account. Past days are
told as well as the last answers of people still can.

Revises: e91b5c7d20fa
"""

from collections import Counter
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import sqlalchemy as sa
from alembic import op

revision = "f3c81d5e07b9"
down_revision = "e91b5c7d20fa"
branch_labels = None
depends_on = None

# By the quarter of an hour, since no day begins within one.
QUARTER = {
    "sqlite": "CAST(strftime('%s', substr({0}, 1, 19)) AS INTEGER) / 900 * 900",
    "postgresql": "CAST(floor(extract(epoch FROM {0}) / 900) * 900 AS bigint)",
}
# Whoever agreed again after a refusal has agreed once, as far as the columns tell.
AGREED = "opted_in_at IS NOT NULL"
TAKEN_BACK = "opted_in_at IS NOT NULL AND opted_out_at >= opted_in_at"


def upgrade() -> None:
    """Go to the new shape."""
    days = op.create_table(
        "consent_day",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("gained", sa.Integer(), nullable=False),
        sa.Column("lost", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_consent_day_service_id_service")
        ),
        sa.PrimaryKeyConstraint("service_id", "day", name=op.f("pk_consent_day")),
    )
    connection = op.get_bind()
    for service, name in connection.execute(sa.text("SELECT id, time_zone FROM service")).all():
        zone = _zone(name)
        gained = _by_day(connection, service, zone, "opted_in_at", AGREED)
        lost = _by_day(connection, service, zone, "opted_out_at", TAKEN_BACK)
        rows = [
            {"service_id": service, "day": day, "gained": gained[day], "lost": lost[day]}
            for day in sorted({*gained, *lost})
        ]
        if rows:
            connection.execute(days.insert(), rows)


def _by_day(
    connection: sa.Connection, service: int, zone: ZoneInfo, column: str, which: str
) -> Counter[date]:
    quarter = QUARTER[connection.dialect.name].format(column)
    query = sa.text(
        f"SELECT {quarter} AS at, count(*) FROM subscription "  # noqa: S608 - names of ours
        f"WHERE service_id = :service AND {which} GROUP BY at"
    )
    found: Counter[date] = Counter()
    for seconds, number in connection.execute(query, {"service": service}):
        found[datetime.fromtimestamp(seconds, UTC).astimezone(zone).date()] += number
    return found


def _zone(name: str | None) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def downgrade() -> None:
    """Go back to the old shape."""
    op.drop_table("consent_day")
