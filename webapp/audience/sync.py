"""The task *synchronise*: followers become visitors, service by service, page by page.

Each step is one call to the network. The place in the list is saved with the page it follows, in
one transaction, so a run resumes where it was after a crash, a limit or an empty wallet.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from channels import ChannelError, ErrorKind, Operation
from webapp.audience import inbox, upserts
from webapp.kernel.runtime import Runtime
from webapp.kernel.words import _
from webapp.services import corrections, costs, doctor, live, quota
from webapp.services.calls import calling
from webapp.services.models import Service
from webapp.workflows.models import Run
from webapp.workflows.runs import Done, More, RunFailed, Step, Wait, journal

QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)
MOST_TRIES = 24


def step(runtime: Runtime, run: Run) -> Step:
    """Take one step of the run; the run's `place` says which service and page come next."""
    service = _service(runtime, run)
    if service is None:
        return Done()
    try:
        return _PHASES[run.place.get("phase", "account")](runtime, run, service)
    except ChannelError as fault:
        runtime.session.rollback()
        return _after(runtime, run, service, fault)


def _service(runtime: Runtime, run: Run) -> Service | None:
    """Return the service the run is at, or the next one; a service removed meanwhile is left."""
    current = run.place.get("service", 0)
    query = select(Service).where(
        Service.kind == run.workflow.kind,
        Service.removed_at.is_(None),
        Service.sync_subscriptions,
        Service.id >= current,
    )
    found = runtime.session.scalar(query.order_by(Service.id).limit(1))
    if found and found.id != current:
        _move(run, service=found.id, phase="account")
    return found


def _move(run: Run, **place: Any) -> None:
    # A new dictionary: a changed one would not be seen as changed.
    run.place = {**run.place, **place}


def _read_account(runtime: Runtime, run: Run, service: Service) -> Step:
    """Read the live account first: it tells the whole, and whether it was renamed."""
    spent = quota.reserve(runtime, service, Operation.ACCOUNT)
    if spent:
        return Wait(until=spent.until, reason=_limit(service))
    channel = runtime.registry.get(service.kind)
    with calling(runtime, service) as context:
        account = channel.connection.connect(context)
    live.adopt(runtime, service, account)
    doctor.works(runtime, service)
    run.total = (run.total or 0) + (account.followers or 0) if account.followers else run.total
    journal(runtime, run, _("@%(name)s: reading followers", name=service.internal_name))
    _move(run, phase="audience", cursor=None, tries=0)
    runtime.session.commit()
    return More()


def _read_audience(runtime: Runtime, run: Run, service: Service) -> Step:
    """Read one page of followers and save it with the place of the next."""
    channel = runtime.registry.get(service.kind)
    if channel.audience is None:
        return _to_inbox(runtime, run)
    spent = quota.reserve(runtime, service, Operation.AUDIENCE)
    if spent:
        return Wait(until=spent.until, reason=_limit(service))
    with calling(runtime, service) as context:
        page = channel.audience.read(context, run.place.get("cursor"))
    people = list({person.remote_id: person for person in page.people}.values())
    found = upserts.followers(runtime, service, people, run.id)
    costs.charge(runtime, service, Operation.AUDIENCE, count=len(page.people))
    run.done += len(people)
    new = len(people) - found.known
    _count(run, new=new, renamed=found.renamed, back=found.returned, known=found.known)
    _move(run, cursor=page.next_cursor, tries=0)
    if page.next_cursor is None:
        return _ended(runtime, run, service)
    runtime.session.commit()
    return More()


def _ended(runtime: Runtime, run: Run, service: Service) -> Step:
    """Only a list read to its end tells who left."""
    ended = upserts.end_unseen(runtime, service, run.id, runtime.now())
    _count(run, ended=ended)
    return _to_inbox(runtime, run)


def _to_inbox(runtime: Runtime, run: Run) -> Step:
    _move(run, phase="inbox", cursor=None)
    runtime.session.commit()
    return More()


def _read_inbox(runtime: Runtime, run: Run, service: Service) -> Step:
    """Read a page of what people wrote; once all is known, turn to the next service."""
    reading = inbox.read_on(runtime, service)
    if reading.new:
        _count(run, wrote=reading.new)
    if reading.until:
        runtime.session.commit()
        return _later(runtime, service, reading.until)
    journal(
        runtime,
        run,
        _(
            "@%(name)s: done, %(new)s new, %(ended)s ended, %(wrote)s messages read",
            name=service.internal_name,
            new=run.counts.get("new", 0),
            ended=run.counts.get("ended", 0),
            wrote=run.counts.get("wrote", 0),
        ),
    )
    _move(run, service=service.id + 1, phase="account", cursor=None)
    runtime.session.commit()
    return More()


def _later(runtime: Runtime, service: Service, until: datetime) -> Step:
    return Wait(until=until, reason=_limit(service)) if until > runtime.now() else More()


_PHASES = {"account": _read_account, "audience": _read_audience, "inbox": _read_inbox}


def _count(run: Run, **more: int) -> None:
    counts = dict(run.counts)
    for name, number in more.items():
        counts[name] = counts.get(name, 0) + number
    run.counts = counts


def _limit(service: Service) -> str:
    return _("@%(name)s: the limit for reading is spent", name=service.internal_name)


def _after(runtime: Runtime, run: Run, service: Service, fault: ChannelError) -> Step:
    """Decide what a failed call means for the run."""
    tries = int(run.place.get("tries", 0)) + 1
    _move(run, tries=tries)
    if fault.kind is ErrorKind.SENDER:
        doctor.needs_fixing(runtime, service, fault.message)
    runtime.session.commit()
    reason = f"@{service.internal_name}: {fault.message}"
    if fault.kind is ErrorKind.LIMITED:
        until = fault.retry_at or runtime.now() + QUARTER
        corrections.stop_until(runtime, service, _operation(run), until)
        return Wait(until=until, reason=reason)
    if fault.kind is ErrorKind.PERMANENT or tries >= MOST_TRIES:
        raise RunFailed(reason)
    pause = HOUR if fault.kind is ErrorKind.SENDER else timedelta(minutes=min(2**tries, 30))
    return Wait(until=runtime.now() + pause, reason=reason)


def _operation(run: Run) -> Operation:
    return {
        "account": Operation.ACCOUNT,
        "audience": Operation.AUDIENCE,
        "inbox": Operation.INBOX,
    }[run.place.get("phase", "account")]
