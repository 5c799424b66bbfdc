"""The report of one delivery: how far it came, who reacted, and what stood in the way."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from webapp.deliveries.models import Arrival, Delivery, MessageState
from webapp.kernel.errors import NotFound
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.formats import number
from webapp.reports import over_time
from webapp.reports.asked import usual
from webapp.reports.parts.recent import share_of
from webapp.reports.queries import deliveries
from webapp.reports.queries.deliveries import Line
from webapp.reports.sections import NOTHING, Column, Row, Section, Stat, part, share, shares
from webapp.services.channel import declared


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A delivery with what came of it through each of its accounts."""

    runtime: Runtime
    delivery: Delivery
    lines: Sequence[Line]

    def count(self, state: str) -> int:
        """Return how many messages are counted by a word, through all accounts of its own."""
        return sum(line.counts.get(state, 0) for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReport:
    """What came of a delivery, and when that was counted."""

    stats: Sequence[Stat]
    sections: Sequence[Section]
    at: datetime


def refuse_nothing(delivery: Delivery) -> None:
    """Raise `NotFound` where there is nothing to report: a proof counts nowhere."""
    if delivery.started_at is None:
        raise NotFound(_("Nothing of this delivery went out yet."))
    if delivery.is_proof:
        raise NotFound(_("A proof has no report; its log is on its page."))


@requires(Permission.VIEW)
def report(runtime: Runtime, delivery: Delivery) -> DeliveryReport:
    """Return the whole report of a delivery."""
    seen = _seen(runtime, delivery)
    made = (make(seen) for make in PARTS.values())
    return DeliveryReport(
        stats=_stats(seen),
        sections=[section for section in made if section is not None],
        at=runtime.now(),
    )


@requires(Permission.VIEW)
def section(runtime: Runtime, delivery: Delivery, name: str) -> Section:
    """Return one part of a delivery's report, for its sheet; raise `NotFound`."""
    make = PARTS.get(name)
    found = make(_seen(runtime, delivery)) if make else None
    if found is None:
        raise NotFound(_("There are no such figures."))
    return found


def _seen(runtime: Runtime, delivery: Delivery) -> Seen:
    period = usual(runtime).period
    made = (deliveries.one(runtime, item, delivery, period) for item in delivery.services)
    return Seen(runtime=runtime, delivery=delivery, lines=[line for line in made if line])


def _stats(seen: Seen) -> list[Stat]:
    sent = seen.count(MessageState.SENT)
    stats = [Stat(label=_("Sent"), value=number(sent))]
    for line in seen.lines[:1] if len(seen.lines) == 1 else ():
        rate = share_of(line)
        missing = _("unknown") if line.kind.counted else NOTHING
        below = (
            _("of the views of its posts")
            if line.kind.counted
            else _("of readers of counted links")
        )
        stats.append(
            Stat(
                label=_("Reactivity"),
                value=missing if rate is None else share(rate),
                below=below,
                unknown=rate is None and line.kind.counted,
            )
        )
    stats.append(Stat(label=_("Clicks"), value=number(sum(line.clicks for line in seen.lines))))
    machines = sum(line.machines for line in seen.lines)
    stats.append(
        Stat(label=_("Clicks by machines"), value=number(machines), below=_("not counted beside"))
    )
    return stats


def way(seen: Seen) -> Section | None:
    """Return how many were left at each step from the target to a click."""
    ignored = seen.count(MessageState.IGNORED)
    states = [name.value for name in MessageState]
    target = sum(seen.count(name) for name in states)
    if not target:
        return None
    meant, sent = target - ignored, seen.count(MessageState.SENT)
    steps = [
        ("target", _("In the target"), target),
        ("meant", _("Not left out"), meant),
        ("sent", _("Sent"), sent),
    ]
    steps += [(item.value, label, seen.count(item)) for item, label in _arrivals(seen)]
    if any(line.kind.clicks_named and line.tracked for line in seen.lines):
        steps.append(("clicked", _("Clicked"), sum(line.readers for line in seen.lines)))
    rows = [
        Row(
            label=label,
            key=key,
            values=(count, part(count, target), part(count, steps[max(at - 1, 0)][2])),
            bar=part(count, target),
        )
        for at, (key, label, count) in enumerate(steps)
    ]
    return Section(
        name="way",
        title=_("From the target to a click"),
        heading=_("Step"),
        columns=(Column(label=_("Number")), shares(_("Of all")), shares(_("Of the step before"))),
        rows=rows,
        bars=True,
        source=_("From Fanfare’s own log and links."),
    )


def _arrivals(seen: Seen) -> list[tuple[Arrival, str]]:
    told = {Arrival.DELIVERED: _("Arrived, as the network tells")}
    return [(item, label) for item, label in told.items() if seen.count(item)]


def reactions(seen: Seen) -> Section | None:
    """Return how readers reacted, by what they did."""
    posts = sum(line.posts for line in seen.lines)
    read = [item for line in seen.lines for item in line.read]
    if not posts:
        return None
    names = sorted({name for item in read for name in item.figures})
    words = _words(seen)
    found = [
        (name, [item.figures[name] for item in read if name in item.figures]) for name in names
    ]
    most = max((sum(values) for _name, values in found), default=0)
    rows = [
        Row(
            label=words.get(name, name),
            key=name,
            values=(sum(values), len(values)),
            bar=part(sum(values), most),
        )
        for name, values in sorted(found, key=lambda pair: -sum(pair[1]))
    ]
    return Section(
        name="reactions",
        title=_("What networks count of its posts"),
        heading=_("Figure"),
        columns=(Column(label=_("Number")), Column(label=_("Posts read, of %(n)s", n=posts))),
        rows=rows,
        bars=True,
        source=_("Read from the network, each figure as it was read last."),
        empty=_("Unknown: the figures of its posts were not read yet."),
    )


def _words(seen: Seen) -> Mapping[str, str]:
    """Return what figures are called by the channel, where its plugin is there."""
    registry, kind = seen.runtime.registry, seen.delivery.channel
    return declared.figure_names(registry.get(kind)) if registry.has(kind) else {}


def growth(seen: Seen) -> Section | None:
    """Return how the figures of its posts grew."""
    if not seen.delivery.kind.counted:
        return None
    return over_time.section(seen.runtime, seen.delivery, _words(seen))


PARTS: Mapping[str, Callable[[Seen], Section | None]] = {
    "way": way,
    "reactions": reactions,
    "growth": growth,
}
