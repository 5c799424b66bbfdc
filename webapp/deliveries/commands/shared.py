"""What the commands about deliveries share: their group, the search by number, waiting."""

import time

import click
from sqlalchemy import select

from webapp.deliveries.drafts import editing
from webapp.deliveries.models import Delivery, DeliveryState
from webapp.kernel.background.availability import refuse_standstill
from webapp.kernel.cli.group import Group
from webapp.kernel.config.command_name import RUN
from webapp.kernel.errors import FanfareError, NotFound
from webapp.kernel.runtime import Runtime

POLL = 0.3
PATIENCE = 120
# Processes that were started a moment ago have not given a sign of life yet.
GRACE = 3
NEWEST = 3


@click.group(cls=Group)
def delivery() -> None:
    """Make, prove and send deliveries."""


def find(runtime: Runtime, delivery_id: int) -> Delivery:
    """Return a delivery; raise `NotFound` that names the newest ones."""
    try:
        return editing.get(runtime, delivery_id)
    except NotFound as fault:
        query = select(Delivery).where(Delivery.listed()).order_by(Delivery.id.desc())
        newest = ", ".join(
            f"{item.id} ({item.label})" for item in runtime.session.scalars(query.limit(NEWEST))
        )
        known = f"The newest are {newest}." if newest else "There is none yet."
        raise NotFound(f"There is no delivery {delivery_id}. {known}") from fault


def wait_while(runtime: Runtime, found: Delivery, states: set[DeliveryState]) -> None:
    """Wait until a delivery leaves `states`; raise when nothing works on it or it takes long."""
    begins = time.monotonic()
    while time.monotonic() - begins < PATIENCE:
        runtime.session.refresh(found)
        runtime.session.commit()
        if found.state not in states:
            return
        if time.monotonic() - begins >= GRACE:
            refuse_standstill(runtime)
            runtime.session.commit()  # Nobody may wait for a command that sleeps.
        time.sleep(POLL)
    raise FanfareError(
        f"{found.label} is still {found.state.value} after {PATIENCE} s. {found.wait_reason} "
        f"It goes on by itself; see {RUN} delivery status {found.id}."
    )


def row(item: Delivery) -> dict[str, object]:
    """Return a delivery as plain values."""
    return {
        "id": item.id,
        "label": item.title,
        "kind": item.kind.name,
        "state": item.state.value,
        "scheduled_at": item.scheduled_at,
        "wait_reason": item.wait_reason,
        "wait_code": item.wait_code,
        "settled_by": item.settled_by,
    }
