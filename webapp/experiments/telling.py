"""Says what an experiment found: in sentences for people, in values for programs."""

import math
from typing import Any

from webapp.deliveries.models import Delivery, Metric
from webapp.experiments.arms import NOBODY
from webapp.experiments.checking import Check
from webapp.experiments.judging import Answer, Judged, Side
from webapp.experiments.verdict import Verdict
from webapp.experiments.words import lift, percent, points
from webapp.kernel.i18n import _, ngettext


def question(answer: Answer) -> str:
    """Ask what an answer is about."""
    if answer.first.arms[0].letter == NOBODY:
        return _("Written to or held out: who writes more?")
    names = {"first": name(answer.first), "second": name(answer.second)}
    return {
        Metric.CLICKED: _("Text %(first)s or text %(second)s: who clicks more?", **names),
        Metric.CONVERTED: _("Text %(first)s or text %(second)s: who converts more?", **names),
        Metric.WROTE: _("Text %(first)s or text %(second)s: who writes more?", **names),
    }[answer.metric]


def name(side: Side) -> str:
    """Name a side by its letters."""
    return ", ".join(arm.letter for arm in side.arms)


def sentence(judged: Judged, answer: Answer) -> str:
    """Say what was found, and no more than the interval does."""
    if judged.is_gone:
        return _("Its messages left with the clean-up, so nothing can be reckoned any more.")
    if not judged.is_sealed:
        return _("The plan or a text is not what was sealed, so nothing is said.")
    if not judged.is_sound:
        return _("People were lost on the way into one arm, so nothing is said.")
    return _found(answer)


def _found(answer: Answer) -> str:
    found = answer.found
    names = {"first": name(answer.first), "second": name(answer.second)}
    between = {"low": lift(found.low), "high": lift(found.high)}
    if found.low > 0 and math.isinf(found.high):
        return _("%(second)s brings more than %(first)s: at least %(low)s.", **names, **between)
    if found.verdict is Verdict.SHOWN and found.low > 0:
        return _(
            "%(second)s brings more than %(first)s: between %(low)s and %(high)s.",
            **names,
            **between,
        )
    if found.verdict is Verdict.SHOWN:
        return _(
            "%(second)s brings less than %(first)s: between %(low)s and %(high)s.",
            **names,
            **between,
        )
    if found.verdict is Verdict.NO_DIFFERENCE:
        return _(
            "There is no difference that matters: %(second)s lies between %(low)s and "
            "%(high)s of %(first)s.",
            **names,
            **between,
        )
    if found.verdict is Verdict.CANNOT_TELL:
        return _(
            "These people do not show which brings more. %(second)s may lie anywhere between "
            "%(low)s and %(high)s of %(first)s.",
            **names,
            **between,
        )
    return _(
        "Nothing is shown so far. %(second)s may lie anywhere between %(low)s and %(high)s "
        "of %(first)s.",
        **names,
        **between,
    )


def seen(answer: Answer) -> str:
    """Say how far the shares are apart that were counted, whatever that shows; empty for unknown.

    The interval is of the lift: what is between two shares that are guesses has no such one.
    """
    first, second = answer.first.share, answer.second.share
    if first is None or second is None:
        return ""
    names = {"first": name(answer.first), "second": name(answer.second)}
    far = points(abs(second - first))
    if second < first:
        return _("Counted: %(second)s is %(points)s below %(first)s.", points=far, **names)
    return _("Counted: %(second)s is %(points)s above %(first)s.", points=far, **names)


def verdict(judged: Judged, answer: Answer) -> Verdict:
    """Return the word of an answer; nothing is said of what is not as it was sealed."""
    return answer.found.verdict if judged.is_sound and not judged.is_gone else Verdict.VOID


def word(verdict: Verdict) -> str:
    """Say a verdict in a word or two."""
    return {
        Verdict.RUNNING: _("Running"),
        Verdict.SHOWN: _("Shown"),
        Verdict.NO_DIFFERENCE: _("No difference that matters"),
        Verdict.CANNOT_TELL: _("Cannot tell"),
        Verdict.VOID: _("Void"),
    }[verdict]


def lines(judged: Judged) -> list[str]:
    """Tell every answer in a line, with its figures."""
    return [
        f"{question(answer)} {word(verdict(judged, answer))}. {sentence(judged, answer)} "
        f"{_figures(answer.first)}; {_figures(answer.second)}."
        for answer in judged.answers
    ]


def _figures(side: Side) -> str:
    share = _("unknown") if side.share is None else percent(side.share)
    return _(
        "%(arm)s: %(did)s of %(people)s, %(share)s",
        arm=name(side),
        did=side.did,
        people=side.people,
        share=share,
    )


def left(judged: Judged) -> str:
    """Say what can no more be looked at, and that no figure is lower for it; empty for nothing."""
    if not judged.left:
        return ""
    return ngettext(
        "The clicks or words of %(num)s person left, with an erasure or the clean-up: what they "
        "did was kept before, and counts as ever.",
        "The clicks or words of %(num)s people left, with an erasure or the clean-up: what they "
        "did was kept before, and counts as ever.",
        judged.left,
    )


def as_values(delivery: Delivery, told: Check) -> dict[str, Any]:
    """Return what was reckoned as plain values."""
    judged = told.judged
    return {
        "id": delivery.id,
        "seal": delivery.content_hash,
        "sealed": judged.is_sealed,
        "holds": told.holds,
        "over": judged.is_over,
        "kept_at": judged.kept_at,
        "checked": told.checked,
        "astray": list(told.astray),
        "twice": told.twice,
        "left": judged.left,
        "balance": judged.balance,
        "people": dict(judged.people),
        "failed": dict(judged.failed),
        "stopped": dict(judged.stopped),
        "answers": [
            {
                "metric": answer.metric.value,
                "verdict": verdict(judged, answer).value,
                "first": _values(answer.first),
                "second": _values(answer.second),
                "points": _apart(answer),
                "low": answer.found.low,
                "high": answer.found.high if math.isfinite(answer.found.high) else None,
                "looked_at": len(answer.looks),
                "found_at": answer.looks[-1].at,
            }
            for answer in judged.answers
        ],
    }


def _apart(answer: Answer) -> float | None:
    first, second = answer.first.share, answer.second.share
    return None if first is None or second is None else second - first


def _values(side: Side) -> dict[str, Any]:
    arms = [arm.letter for arm in side.arms]
    return {"arms": arms, "people": side.people, "did": side.did, "share": side.share}
