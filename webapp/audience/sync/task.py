"""The task *synchronise*: followers become visitors, service by service, page by page.

Each step is one call to the network. The place in the list is saved with the page it follows, in
one transaction, so a run resumes where it was after a crash, a limit or an empty wallet.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from channels import ChannelError, ErrorKind, Operation
from webapp.audience import daily, erased
from webapp.audience.bulk import upserts
from webapp.audience.inbox import reader
from webapp.audience.sync import overspending, pages, state
from webapp.kernel.db.disk import hurry
from webapp.kernel.runtime import Runtime
from webapp.kernel.secret_box import UnreadableSecret
from webapp.kernel.text import naming, notices
from webapp.kernel.text.notices import Notice
from webapp.services.client import Client
from webapp.services.connection import account_snapshot, doctor
from webapp.services.limits import observed
from webapp.services.limits.quota import LimitReached
from webapp.services.models import Service
from webapp.workflows import asking, spending
from webapp.workflows.models import Run
from webapp.workflows.per_service import move
from webapp.workflows.runs import More, Step, Wait, journal

# Trouble that lasts longer than an hour or two keeps the other accounts waiting no more.
PATIENCE = 6
NO_PERMISSION = "no_permission"
PASSING = frozenset({ErrorKind.TEMPORARY, ErrorKind.UNKNOWN})


def step(runtime: Runtime, run: Run) -> Step:
    """Take one step of the run; the run's `place` says which service and page come next."""
    service = state.current(runtime, run)
    if service is None:
        return state.conclude(run)
    pause = state.rest(runtime, run, service)
    if pause:
        return pause
    if not pages.is_asked(runtime, run, service) and overspending.suspend(runtime, run, service):
        return More()
    if run.checkpoint.get(asking.HELD):
        move(run, **{asking.HELD: False})
    try:
        return _PHASES[run.checkpoint["phase"]](runtime, run, service)
    except LimitReached as spent:
        return Wait(until=spent.until, reason=_limit(service))
    except (ChannelError, UnreadableSecret) as fault:
        runtime.session.rollback()
        return _after(runtime, run, service, fault)


def _read_account(runtime: Runtime, run: Run, service: Service) -> Step:
    """Read the live account first: it tells the whole, and whether it was renamed."""
    account = Client(runtime, service).account()
    spending.add(run, service, account_snapshot.store_snapshot(runtime, service, account))
    doctor.works(runtime, service)
    run.total = (run.total or 0) + (account.followers or 0) if account.followers else run.total
    who = Notice("people_of", kind=service.kind, num=naming.MANY)
    journal(runtime, run, Notice("reading_people", name=service.shown_name, people=who))
    move(run, phase="audience", cursor=None, tries=0)
    runtime.session.commit()
    return More()


def _read_audience(runtime: Runtime, run: Run, service: Service) -> Step:
    """Save a page of followers with the place of the next, which is read meanwhile."""
    if runtime.registry.get(service.kind).audience is None:
        return _to_inbox(runtime, run)
    page, rows = pages.read(runtime, run, service)
    listed = list({person.remote_id: person for person in page.people}.values())
    # A power cut takes back rows and place together, and the page is read again.
    hurry(runtime.session)
    people = erased.without(runtime, service.kind, listed)
    found = upserts.followers(runtime, service, people, run.id, rows)
    # Whom the first reading of a list finds did not come then.
    if service.audience_known_at:
        daily.add(runtime, service, gained=found.gained)
    run.done += len(people)
    new = len(people) - found.known
    _count(run, new=new, renamed=found.renamed, back=found.returned, known=found.known)
    move(run, cursor=page.next_cursor, tries=0, size=len(page.people))
    if page.next_cursor is None:
        return _ended(runtime, run, service)
    runtime.session.commit()
    return More()


def _ended(runtime: Runtime, run: Run, service: Service) -> Step:
    """Only a list read to its end tells who left."""
    now = runtime.now()
    ended = upserts.end_unseen(runtime, service, run.id, run.started_at or now, now)
    _count(run, ended=ended)
    daily.read_to_end(runtime, service, ended)
    service.audience_known_at = service.audience_known_at or runtime.now()
    return _to_inbox(runtime, run)


def _to_inbox(runtime: Runtime, run: Run) -> Step:
    move(run, phase="inbox", cursor=None)
    runtime.session.commit()
    return More()


def _read_inbox(runtime: Runtime, run: Run, service: Service) -> Step:
    """Read a page of what people wrote; once all is known, turn to the next service."""
    lacks = account_snapshot.lacks(service).get(Operation.INBOX.name)
    if lacks:
        return _without_messages(runtime, run, service, lacks)
    try:
        reading = reader.read_on(runtime, service)
    except ChannelError as fault:
        if fault.code != NO_PERMISSION:
            raise
        # The network did not say beforehand what the token may do.
        runtime.session.rollback()
        return _without_messages(runtime, run, service, fault.message)
    spending.add(run, service, reading.cost, messages=reading.listed)
    move(run, own=_added(run.checkpoint["own"], {"listed": reading.listed}))
    if reading.new:
        _count(run, wrote=reading.new)
    if reading.until:
        runtime.session.commit()
        return _later(runtime, service, reading.until)
    return _finish(runtime, run, service)


def _without_messages(runtime: Runtime, run: Run, service: Service, fix: str) -> Step:
    """Note that messages cannot be read: only another token helps, and the followers are known."""
    sentence = Notice("messages_unread", name=service.shown_name, fix=fix)
    journal(runtime, run, sentence, level="warning")
    return _finish(runtime, run, service)


def _finish(runtime: Runtime, run: Run, service: Service) -> Step:
    """Say what was read of an account and turn to the next one."""
    own = run.checkpoint["own"]
    wrote, listed = own.get("wrote", 0), own.get("listed", 0)
    counts = {"new": own.get("new", 0), "ended": own.get("ended", 0), "wrote": wrote}
    said = Notice("account_read", name=service.shown_name, **counts)
    if listed > wrote:
        # Networks charge for those, too.
        counts["n"] = listed - wrote
        said = Notice("account_read_and_listed", name=service.shown_name, **counts)
    journal(runtime, run, said)
    state.turn(run)
    runtime.session.commit()
    return More()


def _later(runtime: Runtime, service: Service, until: datetime) -> Step:
    return Wait(until=until, reason=_limit(service)) if until > runtime.now() else More()


_PHASES = {"account": _read_account, "audience": _read_audience, "inbox": _read_inbox}


def _count(run: Run, **more: int) -> None:
    """Count for the run, and for the account it is at."""
    run.counts = _added(run.counts, more)
    move(run, own=_added(run.checkpoint["own"], more))


def _added(counts: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    return {**counts, **{name: counts.get(name, 0) + number for name, number in more.items()}}


def _limit(service: Service) -> Notice:
    return Notice("reading_limit", name=service.shown_name)


def _after(
    runtime: Runtime, run: Run, service: Service, fault: ChannelError | UnreadableSecret
) -> Step:
    """Decide what a failed call means: wait, try the account again later, or go on without it."""
    kind = fault.kind if isinstance(fault, ChannelError) else ErrorKind.PERMANENT
    if isinstance(fault, ChannelError) and kind is ErrorKind.LIMITED:
        until = fault.retry_at or runtime.now() + observed.QUARTER
        return Wait(until=until, reason=_named(service, fault))
    if isinstance(fault, ChannelError) and kind is ErrorKind.PERMANENT and state.begin_anew(run):
        journal(runtime, run, _named(service, fault), level="error")
        runtime.session.commit()
        return More()
    tries = int(run.checkpoint.get("tries", 0)) + 1
    move(run, tries=tries)
    if kind in PASSING and tries <= PATIENCE:
        runtime.session.commit()
        pause = timedelta(minutes=min(2**tries, 30))
        return Wait(until=runtime.now() + pause, reason=_named(service, fault))
    if kind not in PASSING:
        doctor.needs_fixing(runtime, service, notices.of(fault.message))
    aside = state.leave if kind is ErrorKind.PERMANENT else state.put_off
    aside(runtime, run, service, notices.of(fault.message))
    runtime.session.commit()
    return More()


def _named(service: Service, fault: ChannelError | UnreadableSecret) -> Notice:
    return Notice("of_account", name=service.shown_name, why=notices.of(fault.message))
