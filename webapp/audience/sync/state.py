"""Which account a synchronisation reads next: each in its turn, then those that were put off.

An account that cannot be read keeps no other one waiting. Its place is kept, and once all the
others were read it is tried again, hour by hour for a day: wallets are filled and keys renewed.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select

from webapp.kernel.runtime import Runtime
from webapp.kernel.text import notices
from webapp.kernel.text.notices import Notice
from webapp.services.models import Service
from webapp.workflows import asking
from webapp.workflows.models import Run
from webapp.workflows.per_service import move, named
from webapp.workflows.runs import Done, RunFailed, Step, Wait, journal

HOUR = timedelta(hours=1)
MOST_ROUNDS = 24
# `own` is what was counted for the account so far; `anew` whether its list was begun again; `size`
# how many people the last page had, as the next one will, about.
BEGINNING: Mapping[str, Any] = {
    "phase": "account",
    "cursor": None,
    "tries": 0,
    "own": {},
    "anew": False,
    "size": 0,
}
KEPT = ("service", "phase", "cursor", "own", "anew")


def current(runtime: Runtime, run: Run) -> Service | None:
    """Return the account the run is at, or the next one; one removed meanwhile is skipped."""
    if not run.checkpoint.get("walked"):
        found = _from(runtime, run, run.checkpoint.get("service", 0))
        if found:
            if found.id != run.checkpoint.get("service"):
                move(run, service=found.id, **BEGINNING)
                # A call that fails takes nothing back from here.
                runtime.session.commit()
            return found
        move(run, walked=True)
    return _put_off_first(runtime, run)


def turn(run: Run) -> None:
    """Turn to the next account: this one was read."""
    if run.checkpoint.get("walked"):
        move(run, service=0, late=_late(run)[1:], rests=False, **{asking.HELD: False})
    else:
        move(run, service=run.checkpoint["service"] + 1, **BEGINNING)


def begin_anew(run: Run) -> bool:
    """Begin the list of the account again, once: networks forget places in a list after a while.

    Tells whether that makes sense; the caller commits.
    """
    if (
        run.checkpoint["phase"] != "audience"
        or not run.checkpoint["cursor"]
        or run.checkpoint["anew"]
    ):
        return False
    own = run.checkpoint["own"]
    run.done -= own.get("new", 0) + own.get("known", 0)
    move(run, cursor=None, tries=0, anew=True)
    return True


def put_off(runtime: Runtime, run: Run, service: Service, why: Notice) -> None:
    """Try the account again once all the others were read; a day later it is left."""
    rounds = _rounds(run) + 1
    if rounds > MOST_ROUNDS:
        leave(runtime, run, service, why)
        return
    kept = {name: run.checkpoint.get(name) for name in KEPT}
    due = (runtime.now() + HOUR).isoformat()
    entry = {**kept, "rounds": rounds, "why": notices.plain(why), "due": due}
    if rounds == 1:
        name = service.shown_name
        sentence = Notice("tried_later", name=name, why=why)
        journal(runtime, run, sentence, level="error")
    turn(run)
    _queue(run, entry)


def suspend(runtime: Runtime, run: Run, service: Service, why: Notice, until: datetime) -> None:
    """Keep the account until a moment, however far: its budget is spent; the caller commits."""
    kept = {name: run.checkpoint.get(name) for name in KEPT}
    entry = {**kept, "rounds": _rounds(run), "why": notices.plain(why)}
    entry |= {"due": until.isoformat(), "held": True}
    journal(runtime, run, named(service, why), level="warning")
    turn(run)
    _queue(run, entry)


def release(run: Run, service: Service, now: datetime) -> bool:
    """Let an account that was held be read now; tell whether it was; the caller commits."""
    late = _late(run)
    mine = [item for item in late if item.get("held") and item["service"] == service.id]
    if not mine:
        return False
    others = [item for item in late if item not in mine]
    move(run, late=[*({**item, "due": now.isoformat()} for item in mine), *others], rests=False)
    return True


def _queue(run: Run, entry: dict[str, Any]) -> None:
    """Put an account among those that are read later: one held for weeks keeps none waiting."""
    late = [*_late(run), entry]
    move(run, late=sorted(late, key=lambda item: datetime.fromisoformat(item["due"])))


def leave(runtime: Runtime, run: Run, service: Service, why: Notice) -> None:
    """Go on without the account; the run's result says why."""
    reason = named(service, why)
    journal(runtime, run, reason, level="error")
    turn(run)
    move(run, unread=[*run.checkpoint.get("unread", ()), notices.plain(reason)])


def rest(runtime: Runtime, run: Run, service: Service) -> Step | None:
    """Return the wait before an account that was put off is tried again; nothing once it is over.

    An operator who executes the run now ends the wait.
    """
    if not run.checkpoint.get("walked") or run.checkpoint.get("rests"):
        return None
    entry = _late(run)[0]
    due = datetime.fromisoformat(entry["due"])
    held = bool(entry.get("held"))
    if due <= runtime.now() or (held and asking.agreed(run)):
        return None
    move(run, rests=True, **{asking.HELD: held})
    return Wait(until=due, reason=named(service, notices.of(notices.read(entry["why"]))))


def conclude(run: Run) -> Step:
    """End the run: it fails with each account that was not read, and why."""
    unread = run.checkpoint.get("unread", ())
    if unread:
        raise RunFailed(notices.together(*map(notices.read, unread)))
    return Done()


def due(runtime: Runtime, kind: str) -> Sequence[Service]:
    """Return every account that a run reads, in its order."""
    return runtime.session.scalars(_read(kind)).all()


def _read(kind: str) -> Select[Service]:
    wanted = (Service.kind == kind, Service.removed_at.is_(None), Service.sync_subscriptions)
    return select(Service).where(*wanted).order_by(Service.id)


def _from(runtime: Runtime, run: Run, first: int) -> Service | None:
    query = _read(run.workflow.kind).where(Service.id >= first)
    return runtime.session.scalar(query.limit(1))


def _put_off_first(runtime: Runtime, run: Run) -> Service | None:
    for entry in _late(run):
        found = _from(runtime, run, entry["service"])
        if found and found.id == entry["service"]:
            if run.checkpoint["service"] != found.id:
                move(run, **{name: entry[name] for name in KEPT}, tries=0, size=0)
                runtime.session.commit()
            return found
        turn(run)
    return None


def _late(run: Run) -> list[dict[str, Any]]:
    return list(run.checkpoint.get("late", ()))


def _rounds(run: Run) -> int:
    return int(_late(run)[0]["rounds"]) if run.checkpoint.get("walked") else 0
