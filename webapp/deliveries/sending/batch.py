"""A slice: what one worker does for one delivery before it hands it back."""

from dataclasses import replace
from datetime import timedelta

from channels import ChannelError, ErrorKind
from webapp.deliveries import reasons
from webapp.deliveries.control import cancel_rest
from webapp.deliveries.costs.pricing import variant_of
from webapp.deliveries.in_hand import InHand
from webapp.deliveries.models import (
    MOVING,
    Delivery,
    DeliveryState,
    Held,
    LatePolicy,
)
from webapp.deliveries.sending import (
    call,
    claims,
    opt_out_check,
    order,
    outcomes,
    parts,
    reconcile,
    turns,
    upload_plans,
    uploaded,
    uploads,
    writing,
)
from webapp.deliveries.sending.fault_guard import suspend_on_fault
from webapp.deliveries.sending.release import release
from webapp.deliveries.sending.rendering import Wording
from webapp.deliveries.sending.upload_plans import Wanted
from webapp.kernel import faults, leases
from webapp.kernel.db import durable
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import notices
from webapp.kernel.text.notices import Notice
from webapp.services.client import Client
from webapp.services.connection import doctor
from webapp.services.limits import limit_raised
from webapp.services.models import Service

LATE = timedelta(hours=1)
SAME_FAULTS = 5
# Made once: it is asked about each message.
ON_ITS_WAY = Delivery.state.in_(MOVING)


def send_batch(runtime: Runtime, delivery_id: int, token: str = "") -> None:
    """Send as much of a delivery as a slice of time and the limits allow, if it is due."""
    taken = leases.take(runtime, Delivery, delivery_id, token, claims.is_due(runtime))
    if taken is None:
        return
    delivery = taken.session.get_one(Delivery, delivery_id, populate_existing=True)
    with suspend_on_fault(taken, delivery):
        if delivery.unwritten_after is None:
            _work(taken, delivery)
        else:
            writing.write_on(taken, delivery)
    with suspend_on_fault(taken, delivery):
        release(taken, delivery)


def _work(runtime: Runtime, delivery: Delivery) -> None:
    claims.recover_expired(runtime, delivery.id)
    reconcile.reconcile(runtime, delivery)
    # Locked until the next commit, so that no pause or stop is overwritten; helpers still count.
    runtime.session.refresh(delivery, with_for_update={"key_share": True})
    begun = _begin(runtime, delivery) and claims.anything_due(runtime, delivery.id)
    # Reading the inbox may cost, so it is read only where something goes out afterwards.
    if begun and opt_out_check.heard(runtime, delivery):
        Batch(runtime, delivery).run()


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
            outcomes.suspend(runtime, delivery, why, Held.LATE)
            runtime.session.commit()
            return False
    if delivery.expires_at and now > delivery.expires_at:
        cancel_rest(runtime, delivery, "expired")
    disconnected = next((item for item in delivery.services if item.removed_at), None)
    if disconnected is not None:
        why = doctor.why_unfit(disconnected, delivery.kind.operation)
        outcomes.suspend(runtime, delivery, why, Held.ACCOUNT)
        runtime.session.commit()
        return False
    delivery.state = DeliveryState.SENDING
    delivery.started_at = delivery.started_at or now
    runtime.session.commit()
    return True


class Batch:
    """The messages that go out in one slice, one after the other."""

    def __init__(self, runtime: Runtime, delivery: Delivery) -> None:
        """Begin a slice of `delivery`."""
        self.runtime = runtime
        self.delivery = delivery
        self.began = runtime.clock.system()
        self.ends = self.began + timedelta(seconds=runtime.settings.batch_seconds)
        self.alike: list[str] = []
        self._clients: dict[int, Client] = {}
        self._draw = order.draw(runtime, delivery)

    def run(self) -> None:
        """Send until time, limits, messages or the operator end it."""
        while self.began <= self.runtime.clock.system() < self.ends and self._goes_on():
            # What is claimed here is written before its call, and a power cut must not unwrite it.
            with durable(self.runtime.session):
                message_id = claims.claim_next(self.runtime, self.delivery.id, self._draw())
            if message_id is None:
                self.runtime.session.commit()
                return
            if not self._turn(message_id):
                return

    def _goes_on(self) -> bool:
        """Keep the lease, written again once a third of it is over: each claim asks for it, too."""
        return leases.keep_up(self.runtime, ON_ITS_WAY)

    def _turn(self, message_id: int) -> bool:
        """Take the turn of one claimed message; false when the slice must end."""
        try:
            claimed = claims.read(self.runtime, message_id)
            wordings, why_not = turns.prepare(self.runtime, self.delivery, claimed)
        # The border to rules and data that may fail in any way, for this one person.
        except Exception as fault:  # noqa: BLE001 - it is logged where it is named
            return self._unprepared(message_id, fault)
        if why_not == turns.NOT_KEPT:
            return self._hold_for_files()
        if why_not:
            claims.leave_out(self.runtime, claimed.message, why_not)
            return True
        return self._send(claimed.message, wordings)

    def _send(self, message: InHand, wordings: list[Wording]) -> bool:
        """Send one message that may go out, if all it needs can be reserved."""
        runtime, delivery, client = self.runtime, self.delivery, self._client_of(message.service)
        names = [
            variant_of(runtime, delivery, item.part.text) for item in wordings[message.parts_sent :]
        ]
        prices = [client.terms.price(delivery.kind.operation, name) for name in names]
        allowed = limit_raised.allowance(message.service)
        missing = upload_plans.wanted(client, message, wordings)
        closed = turns.reserve(client, delivery, message, prices, missing)
        if closed is not None:
            return closed is turns.AGAIN or self._wait(message.service, closed, allowed)
        sending = parts.Sending(
            delivery=delivery,
            message=message,
            wordings=wordings,
            price_names=names,
            client=client,
            keyed=self._keyed(),
        )
        result = self._brought_and_sent(sending, missing)
        return not isinstance(result, ChannelError) or self._after(result)

    def _brought_and_sent(self, sending: parts.Sending, missing: list[Wanted]) -> parts.Result:
        """Send a message once all that it shows is on the network."""
        if missing:
            call.commit_attempt(self.runtime)
            if (result := uploads.bring(self.runtime, sending, missing)) is not None:
                return result
        if any(item.part.media for item in sending.wordings):
            rows = uploaded.latest(self.runtime, sending.message.id)
            sending = replace(sending, wordings=uploaded.attached(sending.wordings, rows))
        return parts.send(self.runtime, sending)

    def _hold_for_files(self) -> bool:
        """Pause until somebody brings a file back: whoever is left out now would stay out."""
        self.runtime.session.rollback()
        outcomes.suspend(self.runtime, self.delivery, Notice("held_media"), Held.FAILURES)
        self.runtime.session.commit()
        return False

    def _client_of(self, service: Service) -> Client:
        """Return the client of an account, whose terms are asked for once in a slice."""
        return self._clients.setdefault(service.id, Client(self.runtime, service))

    def _unprepared(self, message_id: int, fault: Exception) -> bool:
        """Fail one message that cannot even be prepared: it keeps none of the others waiting."""
        self.runtime.session.rollback()
        if faults.is_outage(fault):
            raise fault
        said = faults.why(fault)
        claims.fail(self.runtime, message_id, "internal", said)
        return self._after(ChannelError(said, kind=ErrorKind.PERMANENT, code="internal"))

    def _keyed(self) -> bool:
        """Tell whether the network honours keys; of a channel that is gone nobody knows."""
        registry, kind = self.runtime.registry, self.delivery.channel
        return registry.has(kind) and self.delivery.kind.accepts(registry.get(kind)).honours_key

    def _wait(self, service: Service, closed: turns.Closed, before: limit_raised.Allowance) -> bool:
        """Let the delivery wait, unless the operator allowed more before anybody could see it wait.

        Whoever raises a cap or a budget wakes what waits then.
        """
        if closed.until is None:
            outcomes.suspend(self.runtime, self.delivery, closed.why, closed.code)
            self.runtime.session.commit()
        else:
            outcomes.wait(self.runtime, self.delivery, closed.until, closed.why, closed.code)
        self.runtime.session.refresh(service, ["daily_cap", "monthly_budget"])
        limit_raised.tell(self.runtime, service, before)
        return False

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
            outcomes.suspend(self.runtime, self.delivery, why, Held.FAILURES)
            self.runtime.session.commit()
            return False
        return True
