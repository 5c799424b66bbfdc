"""Uploads what a message shows, before anything of it goes out.

Each upload has a row before its first call, and is charged with it; each of its calls is written
before it is made. Nobody sees an upload, so one whose outcome is unknown is begun anew, never the
message. What a network processes is asked for later: no worker waits for it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from channels import (
    ChannelError,
    ErrorKind,
    Media,
    MediaState,
    NotSent,
    Operation,
    RemoteMedia,
)
from webapp.deliveries import counters
from webapp.deliveries.costs.pricing import upload_variant
from webapp.deliveries.models import MediaUpload, Message, MessageState, UploadState
from webapp.deliveries.sending import call, moves, outcomes, parts
from webapp.deliveries.sending.parts import Sending
from webapp.deliveries.sending.upload_plans import Wanted
from webapp.kernel.db import durable
from webapp.kernel.errors import FanfareError
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import notices
from webapp.kernel.text.notices import Notice
from webapp.services.channel import contract_guard
from webapp.services.client import Client
from webapp.services.limits import quota
from webapp.services.limits.quota import LimitReached

# A step that leads nowhere would keep a worker for ever.
MOST_STEPS = 5_000
SOON = timedelta(seconds=10)
STATES = {
    MediaState.READY: UploadState.READY,
    MediaState.PROCESSING: UploadState.PROCESSING,
    MediaState.FAILED: UploadState.FAILED,
    MediaState.UNFINISHED: UploadState.UNFINISHED,
}


def bring(runtime: Runtime, sending: Sending, items: Sequence[Wanted]) -> parts.Result | None:
    """Upload all of these; return nothing where the message may go out, else why it does not.

    The turns that were taken for it are given back then. Commits.
    """
    since, ask_at = runtime.now(), list[datetime]()
    for item in items:
        result = _brought(runtime, sending, item)
        if isinstance(result, datetime):
            ask_at.append(result)
        elif result is not None:
            return _ended(runtime, sending, since, items, result)
    if ask_at:
        return _put_off(runtime, sending, since, min(ask_at))
    with durable(runtime.session):
        if parts.still_mine(runtime, sending.message):
            return None
        _give_back(runtime, sending, since)
        runtime.session.commit()
    return NotSent()


def _brought(
    runtime: Runtime, sending: Sending, item: Wanted
) -> ChannelError | LimitReached | NotSent | datetime | None:
    """Take step after step of one upload; return when to ask again where it is processed."""
    row, asked = item.row, False
    for _step in range(MOST_STEPS):
        if row.state is UploadState.READY:
            return None
        if row.state is UploadState.PROCESSING:
            if row.ask_at and row.ask_at > runtime.now():
                return row.ask_at
            # One that has no better idea than now is asked once, not as often as a worker can.
            if asked:
                return runtime.now() + SOON
            asked = True
        result = _stepped(runtime, sending, item)
        if result is not None:
            return result
    raise contract_guard.plugin_failed(RuntimeError("An upload did not end."))


def _stepped(
    runtime: Runtime, sending: Sending, item: Wanted
) -> ChannelError | LimitReached | NotSent | None:
    """Take one step, written before its call and after it; return why there is no next one."""
    row, was, so_far = item.row, item.row.state, _so_far(item.row)
    if was is UploadState.PLANNED:
        try:
            sending.client.reserve(Operation.UPLOAD)
        except LimitReached as spent:
            return spent
    with durable(runtime.session):
        if not parts.still_mine(runtime, sending.message):
            runtime.session.commit()
            return NotSent()
        row.state, row.called_at = UploadState.CALLING, runtime.now()
        call.commit_attempt(runtime)
    answer = _answer(sending.client, item.media, so_far)
    if isinstance(answer, ChannelError):
        _failed(runtime, sending, row, was, answer)
        return answer
    _keep(runtime, row, answer)
    return _refused(answer) if row.state is UploadState.FAILED else None


def _so_far(row: MediaUpload) -> RemoteMedia | None:
    """Return what the last step left; nothing before the first."""
    if row.remote_id is None:
        return None
    waits = row.state is UploadState.PROCESSING
    return RemoteMedia(
        remote_id=row.remote_id,
        state=MediaState.PROCESSING if waits else MediaState.UNFINISHED,
        expires_at=row.expires_at,
        ask_at=row.ask_at,
        mark=row.mark,
    )


def _answer(client: Client, media: Media, so_far: RemoteMedia | None) -> RemoteMedia | ChannelError:
    """Take one step, and return its fault, whatever it is."""
    try:
        if so_far is not None and so_far.state is MediaState.PROCESSING:
            return client.media_state(so_far.remote_id)
        return client.upload(media, so_far)
    except ChannelError as fault:
        return fault
    except FanfareError as fault:
        # Secrets that cannot be read or a plugin that is gone: nothing left this machine.
        return ChannelError(fault.message, kind=ErrorKind.SENDER, code="not_connected")


def _keep(runtime: Runtime, row: MediaUpload, answer: RemoteMedia) -> None:
    """Write what a step left."""
    row.state, row.remote_id, row.mark = STATES[answer.state], answer.remote_id, answer.mark
    row.expires_at, row.ask_at = answer.expires_at, answer.ask_at
    row.said, row.changed_at = notices.of(answer.said), runtime.now()
    runtime.session.commit()


def _refused(answer: RemoteMedia) -> ChannelError:
    sentence = Notice("media_refused")
    return ChannelError(sentence, kind=ErrorKind.PERMANENT, code="media_refused", said=answer.said)


def _failed(
    runtime: Runtime, sending: Sending, row: MediaUpload, was: UploadState, fault: ChannelError
) -> None:
    """Write that a step failed: what was refused for now goes on where it stood.

    Of what may have arrived nobody knows; what was refused at its first step is given back. What
    the network took before it refused a later step, or knows no more, has cost what it cost.
    """
    reading = was is UploadState.PROCESSING
    row.code, row.said, row.changed_at = fault.code, outcomes.words(fault), runtime.now()
    if fault.kind is ErrorKind.UNKNOWN and not fault.never_sent and not reading:
        row.state = UploadState.UNKNOWN
    elif fault.kind is ErrorKind.PERMANENT or fault.code == outcomes.MEDIA_GONE:
        row.state = UploadState.FAILED
        if was is UploadState.PLANNED:
            _pay_back(sending, row)
    else:
        row.state = was
    runtime.session.commit()


def _pay_back(sending: Sending, row: MediaUpload) -> None:
    """Take back what an upload was charged that the network refused."""
    runtime, cost = sending.client.runtime, row.cost
    if not cost:
        return
    variant = upload_variant(
        sending.client.channel, sending.wordings[row.position].part.media[row.place]
    )
    sending.client.charge(Operation.UPLOAD, variant=variant, count=-1)
    counters.add(runtime, sending.delivery.id, {counters.place(MessageState.SENT): (0, -cost)})
    row.cost = counters.NOTHING


def _ended(
    runtime: Runtime,
    sending: Sending,
    since: datetime,
    items: Sequence[Wanted],
    result: ChannelError | LimitReached | NotSent,
) -> parts.Result:
    """Write what it means for the message that an upload did not end well, and commit.

    A worker that was held up says nothing of a message that another has by now: it may be out, and
    would go out again. Counters come before windows, as everybody locks them.
    """
    fault = _spent(sending, result) if isinstance(result, LimitReached) else result
    if isinstance(fault, ChannelError):
        if parts.still_mine(runtime, sending.message):
            if fault.kind is ErrorKind.PERMANENT:
                _let_go(sending, items)
            outcomes.not_brought(runtime, sending.delivery, sending.message, fault)
        else:
            fault = NotSent()
    _give_back(runtime, sending, since)
    runtime.session.commit()
    return fault


def _let_go(sending: Sending, items: Sequence[Wanted]) -> None:
    """Take back what was charged for uploads that the failure of another one made needless."""
    for row in (item.row for item in items if item.row.state is UploadState.PLANNED):
        row.state, row.changed_at = UploadState.FAILED, sending.client.runtime.now()
        _pay_back(sending, row)


def _spent(sending: Sending, spent: LimitReached) -> ChannelError:
    """Return a limit that is used up as the network's own refusal would be."""
    why = Notice(
        "limit_spent",
        cap=spent.window.cap,
        span=quota.span_words(spent.window),
        name=sending.message.service.shown_name,
    )
    return ChannelError(why, kind=ErrorKind.LIMITED, code="limited", retry_at=spent.until)


def _give_back(runtime: Runtime, sending: Sending, since: datetime) -> None:
    """Give back the turns of the parts, none of which went out; the caller commits."""
    service, operation = sending.message.service, sending.delivery.kind.operation
    quota.give_all_back(runtime, service, operation, since, calls=len(sending.price_names))


def _put_off(runtime: Runtime, sending: Sending, since: datetime, until: datetime) -> NotSent:
    """Let the message wait until the network is asked how far it is, unless another has it."""
    if parts.still_mine(runtime, sending.message):
        waits = {"tries": Message.tries - 1, "due_at": until}
        reason = "media_processing"
        moves.move(runtime, sending.message, MessageState.PENDING, reason=reason, **waits)
    _give_back(runtime, sending, since)
    runtime.session.commit()
    return NotSent()
