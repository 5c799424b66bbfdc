"""Reactivity to posts: how often they were seen, and how often somebody reacted or clicked."""

from collections.abc import Sequence
from datetime import date, datetime

from webapp.kernel.i18n import _
from webapp.kernel.plots import Plot
from webapp.kernel.text.formats import when_zone
from webapp.reports.queries.deliveries import Line
from webapp.reports.scope import Scope, curves, heading, labels, table, told, within
from webapp.reports.sections import NOTHING, Column, Section, Value, part, share


def section(scope: Scope) -> Section:
    """Return how posts were seen and answered, by when they went out."""
    mine, before = ours(scope.began), ours(scope.began_before)
    period = scope.period
    return Section(
        name="posts",
        title=_("Reactivity to posts"),
        heading=heading(period.step),
        columns=(
            Column(label=_("Posts")),
            Column(label=_("Read")),
            Column(label=_("Views")),
            Column(label=_("Reactions")),
            Column(label=_("Share"), write=share),
        ),
        rows=table(period, lambda *days: _told(within(mine, *days))) if mine else (),
        plot=_plot(scope, mine, before) if mine else None,
        source=_source(mine),
        empty=_("No post went out in these days."),
    )


def ours(lines: Sequence[Line]) -> list[Line]:
    """Return the deliveries of which networks count views and answers."""
    return [line for line in lines if line.kind.counted]


def sums(lines: Sequence[Line]) -> tuple[int, int, int | None, int | None, float | None]:
    """Return how many posts stand, of how many the figures are known, these, and the share.

    A figure of several posts is of those that were read; how many these are stands beside.
    """
    posts, read = sum(line.posts for line in lines), [item for line in lines for item in line.read]
    seen = [item.views for item in read if item.views is not None]
    whole = [line for line in lines if line.views is not None and line.reactions is not None]
    answered = [line.reactions for line in lines if line.reactions is not None]
    return (
        posts,
        len(read),
        (sum(seen) if seen else None) if posts else 0,
        (sum(answered) if answered else None) if posts else 0,
        part(sum(line.reactions or 0 for line in whole), sum(line.views or 0 for line in whole)),
    )


def _told(lines: Sequence[Line]) -> tuple[Value, ...]:
    """Return the same for a table, where there is no share of nothing."""
    posts, *others, rate = sums(lines)
    return posts, *others, rate if posts else NOTHING


def read_at(lines: Sequence[Line]) -> datetime | None:
    """Return when the oldest of the figures was read."""
    return min((item.at for line in lines for item in line.read), default=None)


def _source(lines: Sequence[Line]) -> str:
    words = _(
        "Reactions are likes, replies, reposts, quotes and bookmarks, as far as the network tells "
        "them, and clicks on counted links; the share is of the views of the same posts."
    )
    at = read_at(lines)
    if at is None:
        unread = _("Views are unknown until they are read, by the workflow Statistics for example.")
        return f"{words} {unread}"
    read = _("Views and reactions were read from the network, the oldest %(at)s.", at=when_zone(at))
    return f"{words} {read}"


def _plot(scope: Scope, mine: Sequence[Line], before: Sequence[Line]) -> Plot:
    def figure(lines: Sequence[Line], first: date, last: date) -> Value:
        return sums(within(lines, first, last))[4]

    step = scope.period.step
    spans = list(scope.period.spans(step))
    unread = [
        at
        for at, span in enumerate(spans)
        if (found := sums(within(mine, span.first, span.last)))[0] and not found[1]
    ]
    return Plot(
        label=told(scope.period, _("Reactions to 100 views of posts")),
        labels=labels(scope.period, step),
        curves=curves(
            scope,
            step,
            _("Reactions, of 100 views"),
            lambda *days: figure(mine, *days),
            lambda *days: figure(before, *days),
        ),
        unknown=unread,
        write=share,
    )
