"""A slice: what one worker does for one delivery before it hands it back."""

from datetime import datetime, timedelta
from typing import TypeVar

from channels import ChannelError, ErrorKind
from webapp.audience.models import Subscription, Visitor
from webapp.deliveries import content as texts
from webapp.deliveries import proofs, reasons
from webapp.deliveries.control import cancel_rest
from webapp.deliveries.models import (
    MOVING,
    Delivery,
    DeliveryState,
    Held,
    LatePolicy,
    Message,
    MessageState,
)
from webapp.deliveries.sending import budget, call, claims, hearing, outcomes, settling, waves
from webapp.deliveries.sending.borders import holding
from webapp.deliveries.sending.refusal import refusal
from webapp.deliveries.sending.standing import hand_back
from webapp.kernel import faults, leases, notices
from webapp.kernel.notices import Notice
from webapp.kernel.runtime import Runtime
from webapp.services import doctor, quota, raising
from webapp.services.quota import Spent

Row = TypeVar("Row", Subscription, Visitor)

LATE = timedelta(hours=1)
SAME_FAULTS = 5


def send_slice(runtime: Runtime, delivery_id: int, token: str = "") -> None:
    """Send as much of a delivery as a slice of time and the limits allow, if it is due."""
    taken = leases.take(runtime, Delivery, delivery_id, token, claims.is_due(runtime))
    if taken is None:
        return
    delivery = taken.session.get_one(Delivery, delivery_id, populate_existing=True)
    with holding(taken, delivery):
        _work(taken, delivery)
    with holding(taken, delivery):
        hand_back(taken, delivery)


def _work(runtime: Runtime, delivery: Delivery) -> None:
    claims.recover_lapsed(runtime, delivery.id)
    settling.settle(runtime, delivery)
    # Locked until the next commit, so that no pause or stop is overwritten.
    runtime.session.refresh(delivery, with_for_update=True)
    begun = _begin(runtime, delivery) and claims.anything_due(runtime, delivery.id)
    # Reading the inbox may cost, so it is read only where something goes out afterwards.
    if begun and hearing.heard(runtime, delivery):
        Slice(runtime, delivery).run()


def _begin(runtime: Runtime, delivery: Delivery) -> bool:
    """Begin a delivery whose time has come; hold one that missed it, if so chosen."""
    if delivery.state not in MOVING or not leases.holds(runtime, delivery):
        runtime.session.commit()
        return False
    now = runtime.now()
    if delivery.state is DeliveryState.SCHEDULED:
        at = delivery.scheduled_at or now
        if now - at > LATE and delivery.late_policy is LatePolicy.ASK:
            why = Notice("late")
            outcomes.hold(runtime, delivery, why, Held.LATE)
            runtime.session.commit()
            return False
    if delivery.expires_at and now > delivery.expires_at:
        cancel_rest(runtime, delivery, "expired")
    disconnected = next((item for item in delivery.services if item.removed_at), None)
    if disconnected is not None:
        why = doctor.why_unfit(disconnected, delivery.kind.operation)
        outcomes.hold(runtime, delivery, why, Held.ACCOUNT)
        runtime.session.commit()
        return False
    delivery.state = DeliveryState.SENDING
    delivery.started_at = delivery.started_at or now
    runtime.session.commit()
    return True


class Slice:
    """The messages that go out in one slice, one after the other."""

    def __init__(self, runtime: Runtime, delivery: Delivery) -> None:
        """Begin a slice of `delivery`."""
        self.runtime = runtime
        self.delivery = delivery
        self.began = runtime.clock.system()
        self.ends = self.began + timedelta(seconds=runtime.settings.slice_seconds)
        self.alike: list[str] = []

    def run(self) -> None:
        """Send until time, limits, messages or the operator end it."""
        while self.began <= self.runtime.clock.system() < self.ends and self._goes_on():
            message = claims.claim_next(self.runtime, self.delivery.id)
            if message is None or not self._send(message):
                return

    def _goes_on(self) -> bool:
        """Keep the lease; false when it is another's, or the delivery was held meanwhile."""
        return leases.keep(self.runtime, Delivery.state.in_(MOVING))

    def _send(self, message: Message) -> bool:
        """Send one claimed message; false when the slice must end."""
        held = message.leased_until
        try:
            rendered, why_not = self._prepare(message)
        # The border to rules and data that may fail in any way, for this one person.
        except Exception as fault:  # noqa: BLE001 - it is logged where it is named
            return self._unprepared(message, held, fault)
        if why_not:
            claims.let_go(self.runtime, message, state=MessageState.IGNORED, reason=why_not)
            return True
        until = self._closed_until(message, rendered)
        if until:
            claims.let_go(self.runtime, message, state=MessageState.PENDING)
            self._wait(message, *until)
            return False
        person = call.recipient(self.delivery, message)
        attempt = call.open_attempt(self.runtime, message, rendered, keyed=self._keyed())
        if attempt is None:
            operation = self.delivery.kind.operation
            quota.give_all_back(self.runtime, message.service, operation, self.runtime.now())
            self.runtime.session.commit()
            return True
        asked = call.Call(delivery=self.delivery, message=message, attempt=attempt, person=person)
        result = call.make(self.runtime, asked)
        outcomes.record(self.runtime, self.delivery, message, attempt, result)
        return not isinstance(result, ChannelError) or self._after(result)

    def _unprepared(self, message: Message, held: datetime | None, fault: Exception) -> bool:
        """Fail one message that cannot even be prepared: it keeps none of the others waiting."""
        self.runtime.session.rollback()
        if faults.is_outage(fault):
            raise fault
        said = faults.why(fault)
        failed = {"state": MessageState.FAILED, "reason": "internal", "said": said}
        claims.let_go(self.runtime, message, held=held, **failed)
        return self._after(ChannelError(said, kind=ErrorKind.PERMANENT, code="internal"))

    def _prepare(self, message: Message) -> tuple[str, str]:
        """Return the text for this recipient and why it must not go out, if so."""
        delivery, person = self.delivery, message.visitor
        why_not = refusal(self.runtime, delivery, message)
        if why_not:
            return "", why_not
        if delivery.is_proof:
            person = proofs.data_of(self.runtime, delivery)
        rendered = texts.render(delivery.content, person, delivery.language)
        if rendered.unknown or (rendered.empty and not delivery.is_proof):
            return rendered.text, "unresolved"
        return rendered.text, ""

    def _keyed(self) -> bool:
        """Tell whether the network honours keys; of a channel that is gone nobody knows."""
        registry, kind = self.runtime.registry, self.delivery.channel
        return (
            registry.has(kind) and call.accepts(registry.get(kind), self.delivery.kind).honours_key
        )

    def _closed_until(self, message: Message, text: str) -> tuple[datetime, Notice, Held] | None:
        """Reserve what a call needs; else return when to go on, and what it waits for."""
        over = budget.used_up(self.runtime, self.delivery, message, text)
        if over:
            outcomes.hold(self.runtime, self.delivery, over, Held.BUDGET)
            return self.runtime.now(), over, Held.BUDGET
        if wave := waves.full_until(self.runtime, self.delivery, message):
            return *wave, Held.WAVE
        if taken := budget.taken_until(self.runtime, self.delivery, message, text):
            return *taken, Held.BUDGET
        spent = self._reserve(message)
        return (spent.until, _limit_words(message, spent), Held.LIMIT) if spent else None

    def _reserve(self, message: Message) -> Spent | None:
        """Take a turn from every limit; the operator may have raised the cap during this slice."""
        operation = self.delivery.kind.operation
        spent = quota.reserve(self.runtime, message.service, operation)
        if spent is None or not spent.window.own_cap:
            return spent
        self.runtime.session.refresh(message.service)
        return quota.reserve(self.runtime, message.service, operation)

    def _wait(self, message: Message, until: datetime, why: Notice, code: Held) -> None:
        """Let the delivery wait, unless the operator allowed more before anybody could see it wait.

        Whoever raises a cap or a budget wakes what waits then.
        """
        service = message.service
        before = raising.allowance(service)
        outcomes.wait(self.runtime, self.delivery, until, why, code)
        self.runtime.session.refresh(service, ["daily_cap", "monthly_budget"])
        raising.tell(self.runtime, service, before)

    def _after(self, fault: ChannelError) -> bool:
        """Go on after a failure, unless it is about more than this one person."""
        if fault.never_sent or fault.kind in (ErrorKind.SENDER, ErrorKind.LIMITED):
            return False
        if fault.kind is ErrorKind.PERMANENT and fault.code not in reasons.PERSONAL:
            self.alike.append(fault.code)
        else:
            self.alike.clear()
        if self.alike[-SAME_FAULTS:] == [fault.code] * SAME_FAULTS:
            why = Notice("failed_alike", why=notices.of(fault.message))
            outcomes.hold(self.runtime, self.delivery, why, Held.FAILURES)
            self.runtime.session.commit()
            return False
        return True


def _limit_words(message: Message, spent: Spent) -> Notice:
    return Notice(
        "limit_spent",
        cap=spent.window.cap,
        span=quota.span_words(spent.window),
        name=message.service.shown_name,
    )
