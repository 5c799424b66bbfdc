"""The report of an account: figures at its head, and its parts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from webapp.kernel.errors import NotFound
from webapp.kernel.i18n import _, ngettext
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.formats import money, number
from webapp.reports.asked import Asked
from webapp.reports.parts import PARTS, agreements, cost, messages, posts
from webapp.reports.queries import charges, followers
from webapp.reports.scope import Scope, scope
from webapp.reports.sections import NOTHING, Section, Stat, share
from webapp.services.models import Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came of an account in some days, and when that was counted."""

    scope: Scope
    stats: Sequence[Stat]
    sections: Sequence[Section]
    at: datetime


@requires(Permission.VIEW)
def report(runtime: Runtime, service: Service, asked: Asked) -> Report:
    """Return the whole report of an account."""
    seen = scope(runtime, service, asked)
    made = (make(seen) for make in PARTS.values())
    return Report(
        scope=seen,
        stats=_stats(seen),
        sections=[section for section in made if section is not None],
        at=runtime.now(),
    )


@requires(Permission.VIEW)
def figures(runtime: Runtime, service: Service, asked: Asked) -> Sequence[Stat]:
    """Return the figures at the head of a report alone."""
    return _stats(scope(runtime, service, asked))


@requires(Permission.VIEW)
def section(runtime: Runtime, service: Service, asked: Asked, name: str) -> Section:
    """Return one part of a report, for its sheet; raise `NotFound`."""
    make = PARTS.get(name)
    found = make(scope(runtime, service, asked)) if make else None
    if found is None:
        raise NotFound(_("There are no such figures."))
    return found


def _stats(seen: Scope) -> list[Stat]:
    return [
        _followers(seen),
        *_agreed(seen),
        _sent(seen),
        _clicked(seen),
        _views(seen),
        _cost(seen),
    ]


def _beside(seen: Scope, words: str) -> str:
    return _("%(n)s beside", n=words) if seen.compared else ""


def _joined(*words: str) -> str:
    return " · ".join(word for word in words if word)


def _followers(seen: Scope) -> Stat:
    runtime, service, period = seen.runtime, seen.service, seen.period
    now = followers.at_the_end(runtime, service, period.last)
    if service.audience_known_at is None or now is None:
        return Stat(label=_("Subscribers"), value=_("unknown"), unknown=True)
    found = followers.together(
        followers.by_day(runtime, service, period), period.first, period.last
    )
    below = _("%(n)s net", n=_signed(found.gained - found.lost))
    if seen.compared:
        days = followers.by_day(runtime, service, seen.compared)
        earlier = followers.together(days, seen.compared.first, seen.compared.last)
        below = _joined(below, _beside(seen, _signed(earlier.gained - earlier.lost)))
    return Stat(label=_("Subscribers"), value=number(now), below=below)


def _agreed(seen: Scope) -> list[Stat]:
    """Return how many agreed to messages, where anybody was ever asked."""
    now = agreements.now(seen)
    if now is None:
        return []
    below = _("%(n)s net", n=_signed(agreements.net(seen, seen.period)))
    if seen.compared:
        below = _joined(below, _beside(seen, _signed(agreements.net(seen, seen.compared))))
    return [Stat(label=_("Agreed to messages"), value=number(now), below=below)]


def _signed(value: int) -> str:
    return f"{'+' if value > 0 else ''}{number(value)}"


def _sent(seen: Scope) -> Stat:
    began = ngettext("%(num)s delivery", "%(num)s deliveries", len(seen.began))
    before = number(sum(line.sent for line in seen.began_before))
    return Stat(
        label=_("Messages and posts sent"),
        value=number(sum(line.sent for line in seen.began)),
        below=_joined(began, _beside(seen, before)),
    )


def _clicked(seen: Scope) -> Stat:
    _all, sent, clicked, rate = messages.sums(messages.ours(seen.began))
    label = _("Readers who clicked")
    if not sent:
        return Stat(label=label, value=NOTHING, below=_("no message with counted links"))
    _all, sent_before, _clicked, before = messages.sums(messages.ours(seen.began_before))
    of_all = _("%(n)s of %(all)s", n=number(clicked), all=number(sent))
    beside = _beside(seen, share(before)) if sent_before else ""
    return Stat(label=label, value=share(rate), below=_joined(of_all, beside))


def _views(seen: Scope) -> Stat:
    mine = posts.ours(seen.began)
    count, read, views, _reactions, _share = posts.sums(mine)
    label = _("Views of posts")
    if not count:
        return Stat(label=label, value=NOTHING, below=_("no post"))
    unknown = _("%(n)s unknown", n=number(count - read)) if count > read else ""
    of_all = _("%(n)s of %(all)s posts read", n=number(read), all=number(count))
    return Stat(
        label=label,
        value=number(views),
        below=_joined(of_all, unknown),
        unknown=views is None,
    )


def _cost(seen: Scope) -> Stat:
    kind = seen.service.kind
    mine = cost.total(charges.by_day(seen.runtime, seen.service, seen.period))
    before = ""
    if seen.compared:
        days = charges.by_day(seen.runtime, seen.service, seen.compared)
        before = _beside(seen, money(cost.total(days), kind))
    return Stat(label=_("Cost"), value=money(mine, kind), below=before)
