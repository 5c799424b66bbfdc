"""Checks what somebody typed of an experiment, with a sentence for each fault."""

from dataclasses import replace

from webapp.deliveries.drafts.wording import fault_of_subject, fault_of_text, one_line, plain
from webapp.deliveries.models import Arm, Delivery, Experiment, Metric
from webapp.deliveries.models.experiment import WHOLE
from webapp.kernel.errors import Invalid
from webapp.kernel.i18n import _

MOST_ARMS = 3
LONGEST_WINDOW = 30 * 24
MOST_PEOPLE = 10_000_000


def can_be_one(delivery: Delivery) -> bool:
    """Tell whether a delivery can be an experiment: only what several people get, each for them."""
    several = not (delivery.personal or delivery.continuous or delivery.is_proof)
    return delivery.kind.tried and several


def checked(delivery: Delivery, wanted: Experiment | None) -> Experiment | None:
    """Return an experiment with plain line ends; raise `Invalid` for one that proves nothing."""
    if wanted is None:
        return None
    if not can_be_one(delivery):
        fault = _("Only direct messages to several people can be tested. Posts are compared.")
        raise Invalid(fault, {"metric": fault})
    wanted = replace(wanted, arms=tuple(_tidy(arm) for arm in wanted.arms))
    faults = {**_of_texts(delivery, wanted), **_of_shares(wanted), **_of_plan(wanted)}
    if faults:
        raise Invalid(next(iter(faults.values())), faults)
    return wanted


def _tidy(arm: Arm) -> Arm:
    """Return a text as it is kept; HTML of blanks alone is none."""
    html = plain(arm.html) if arm.html.strip() else ""
    return replace(arm, text=plain(arm.text), subject=one_line(arm.subject), html=html)


def _of_texts(delivery: Delivery, wanted: Experiment) -> dict[str, str]:
    faults: dict[str, str] = {}
    own = delivery.variants[0].parts[0]
    said = {(own.text.strip(), own.subject.strip(), own.html.strip())}
    for number, arm in enumerate(wanted.arms, start=1):
        same = (arm.text.strip(), arm.subject.strip(), arm.html.strip())
        again = _("This says what another text says. Change one of them.") if same in said else ""
        said.add(same)
        found = {
            f"text_{number}": fault_of_text(arm.text) or again,
            f"subject_{number}": fault_of_subject(arm.subject),
            f"html_{number}": fault_of_text(arm.html) or _of_html(own.html, arm.html),
        }
        faults |= {name: fault for name, fault in found.items() if fault}
    if len(wanted.arms) > MOST_ARMS:
        faults["text_1"] = _("An experiment has at most %(n)s texts.", n=MOST_ARMS + 1)
    return faults


def _of_html(own: str, other: str) -> str:
    """Refuse to send one arm HTML and the other none: nobody could tell which of both did it."""
    if own and not other:
        return _("Text A has HTML, so write this text in HTML, too.")
    return _("Text A has no HTML, so leave it out here.") if other and not own else ""


def _of_shares(wanted: Experiment) -> dict[str, str]:
    shares = {f"weight_{at}": arm.weight for at, arm in enumerate(wanted.arms, start=1)}
    shares = {"weight_0": wanted.weight, **shares}
    faults = {
        name: _("Each text goes to one per cent of the people at least.")
        for name, share in shares.items()
        if share < 1
    }
    total = sum(shares.values()) + wanted.held_out
    if wanted.held_out < 0:
        faults["held_out"] = _("A share is none or more.")
    elif not faults and total != WHOLE:
        faults["held_out"] = _(
            "All shares make 100 together. Now they make %(total)s.", total=total
        )
    elif not wanted.arms and not wanted.held_out:
        faults["text_1"] = _("Write another text, or hold some people out.")
    return faults


def _of_plan(wanted: Experiment) -> dict[str, str]:
    faults = {}
    if not 1 <= wanted.within_hours <= LONGEST_WINDOW:
        faults["within_hours"] = _("Choose an hour at least, and 30 days at most.")
    if not 1 <= wanted.expected < WHOLE * WHOLE:
        faults["expected"] = _("Write a share between 0.01 and 99.99 per cent.")
    if not 2 <= wanted.people <= MOST_PEOPLE:  # noqa: PLR2004 - one for each side
        faults["people"] = _("Write how many people the experiment is for.")
    if not 0 <= wanted.matters <= WHOLE:
        faults["matters"] = _("Write a whole number from 0 to 100.")
    if not wanted.arms and wanted.metric is not Metric.WROTE:
        faults["metric"] = _(
            "Who got nothing can follow no link. With one text alone, count who writes."
        )
    return faults
