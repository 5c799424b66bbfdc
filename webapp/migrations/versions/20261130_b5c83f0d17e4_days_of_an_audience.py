"""keep how many followed an account on each day, and how many came and went."""

from collections import Counter
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import sqlalchemy as sa
from alembic import op

revision = "b5c83f0d17e4"
down_revision = "e83a5d20f7c4"
branch_labels = None
depends_on = None

ACCOUNTS = "SELECT id, time_zone, audience_known_at FROM service WHERE audience_known_at IS NOT NULL"
# By the quarter of an hour, since no day begins within one; the days are made by their zones.
QUARTER = {
    "sqlite": "CAST(strftime('%s', substr({0}, 1, 19)) AS INTEGER) / 900 * 900",
    "postgresql": "CAST(floor(extract(epoch FROM {0}) / 900) * 900 AS bigint)",
}
# The house's own accounts are nobody's followers.
OF_ACCOUNT = """
    FROM subscription WHERE service_id = :service AND followed_at IS NOT NULL
    AND visitor_id NOT IN (
        SELECT visitor.id FROM visitor JOIN service
        ON service.kind = visitor.kind AND service.remote_id = visitor.remote_id
        WHERE service.removed_at IS NULL
    )
"""


def upgrade() -> None:
    """Go to the new shape; past days are told as well as the columns still can."""

    days = op.create_table(
        "audience_day",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("followers", sa.Integer(), nullable=False),
        sa.Column("gained", sa.Integer(), nullable=False),
        sa.Column("lost", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_audience_day_service_id_service")
        ),
        sa.PrimaryKeyConstraint("service_id", "day", name=op.f("pk_audience_day")),
    )
    connection = op.get_bind()
    for service_id, zone, known in connection.execute(sa.text(ACCOUNTS)).all():
        rows = _days(connection, service_id, _zone(zone), _moment(known))
        connection.execute(days.insert(), rows)


def _days(
    connection: sa.Connection, service_id: int, zone: ZoneInfo, known: datetime
) -> list[dict[str, object]]:
    """Walk back from now: the followers of a day are those of the next less its change."""
    came = _by_day(connection, service_id, "followed_at", zone)
    after = " AND followed_at > :known"
    gained = _by_day(connection, service_id, "followed_at", zone, after, known)
    lost = _by_day(connection, service_id, "ended_at", zone, " AND ended_at IS NOT NULL")
    query = sa.text(f"SELECT count(*) {OF_ACCOUNT} AND ended_at IS NULL")
    followers = connection.execute(query, {"service": service_id}).scalar_one()
    first = known.astimezone(zone).date()
    rows: list[dict[str, object]] = []
    for at in sorted({first, *came, *lost}, reverse=True):
        if at < first:
            break
        row = {"service_id": service_id, "day": at, "followers": followers}
        rows.append(row | {"gained": gained[at], "lost": lost[at]})
        followers += lost[at] - came[at]
    return rows


def _by_day(
    connection: sa.Connection,
    service_id: int,
    column: str,
    zone: ZoneInfo,
    more: str = "",
    known: datetime | None = None,
) -> Counter[date]:
    quarter = QUARTER[connection.dialect.name].format(column)
    query = sa.text(f"SELECT {quarter} AS at, count(*) {OF_ACCOUNT}{more} GROUP BY at")
    given: dict[str, object] = {"service": service_id}
    if known is not None:
        sqlite = connection.dialect.name == "sqlite"
        given["known"] = known.replace(tzinfo=None).isoformat(" ", "microseconds") if sqlite else known
    found: Counter[date] = Counter()
    for seconds, number in connection.execute(query, given):
        found[datetime.fromtimestamp(seconds, UTC).astimezone(zone).date()] += number
    return found


def _zone(name: str | None) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def _moment(value: datetime | str) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def downgrade() -> None:
    """Go back to the old shape, which reads the columns of now."""

    op.drop_table("audience_day")
