"""Reckons an experiment again from its rows: the seal, who got what, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from webapp.deliveries import variants
from webapp.deliveries.models import Delivery, Message, MessageState
from webapp.experiments.judging import Judged
from webapp.experiments.keeping import judged as judged_now
from webapp.kernel.errors import Conflict
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime

READ_AT_ONCE = 1_000
HELD = "held_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What was found: `checked` messages have their person still, `astray` got another arm."""

    judged: Judged
    checked: int
    astray: Sequence[int]
    twice: int

    @property
    def holds(self) -> bool:
        """Whether everything is as the sealed plan says."""
        return self.judged.is_sound and not self.astray and not self.twice


@requires(Permission.VIEW)
def check(runtime: Runtime, delivery: Delivery) -> Check:
    """Reckon everything again; raise `Conflict` where nothing was sealed yet."""
    if delivery.plan is None:
        raise Conflict(_("This delivery is no experiment."))
    if delivery.confirmed_at is None:
        raise Conflict(_("This experiment was not sent yet, so nothing is sealed."))
    judged = judged_now(runtime, delivery)
    checked, astray, seen, twice = 0, [], set(), 0
    rows = select(
        Message.id, Message.visitor_id, Message.variant_id, Message.reason, Message.state
    ).where(Message.delivery_id == delivery.id, Message.visitor_id.is_not(None))
    for number, who, variant, reason, state in runtime.session.execute(
        rows.execution_options(yield_per=READ_AT_ONCE)
    ):
        if who is None or (state is MessageState.IGNORED and reason != HELD):
            continue
        checked += 1
        twice += who in seen
        seen.add(who)
        held = variants.holds_out(delivery, who)
        if reason == HELD:
            right = held and state is MessageState.IGNORED
        else:
            right = not held and variant == variants.chosen(delivery, who)
        if not right:
            astray.append(number)
    return Check(judged=judged, checked=checked, astray=astray, twice=twice)
