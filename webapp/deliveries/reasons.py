"""Why a message was not sent: for each code what happened, what Fanfare did, what can be done."""

from collections.abc import Callable
from dataclasses import dataclass

from webapp.kernel.i18n import _
from webapp.kernel.text import notices
from webapp.kernel.text.notices import NOTHING, Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason in plain words; `short` fits a table."""

    short: str
    happened: str
    did: str
    can_do: str


def _no_try() -> str:
    return _("Nothing was sent, and nothing was charged.")


def _quarantined() -> str:
    return _("Put this person in quarantine for this service. Not tried again.")


REASONS: dict[str, Callable[[], Reason]] = {
    "no_consent": lambda: Reason(
        short=_("Neither wrote first nor opted in"),
        happened=_("This person neither wrote to the account nor agreed to messages."),
        did=_no_try(),
        can_do=_("Ask for consent; somebody who writes first may be answered."),
    ),
    "wrote_stop": lambda: Reason(
        short=_("Opted out"),
        happened=_("This person wants no messages: they wrote STOP, or somebody recorded it."),
        did=_no_try(),
        can_do=_("Nothing, unless the person opts in again."),
    ),
    "in_doubt": lambda: Reason(
        short=_("A message of theirs looks like a refusal"),
        happened=_("This person wrote something that looks like a wish for no messages."),
        did=_no_try(),
        can_do=_("Read it on the person’s card and decide whether it is a STOP."),
    ),
    "quarantine": lambda: Reason(
        short=_("In quarantine after a failure"),
        happened=_("An earlier message to this person failed for good."),
        did=_no_try(),
        can_do=_("Lift the quarantine on the person’s card, if the cause is gone."),
    ),
    "accepts_none": lambda: Reason(
        short=_("Does not accept messages from this account"),
        happened=_("This person’s settings accept no messages from this account."),
        did=_no_try(),
        can_do=_("Nothing; the next synchronisation looks again."),
    ),
    "own_account": lambda: Reason(
        short=_("Is an account of your own"),
        happened=_("This is one of the accounts connected to Fanfare."),
        did=_no_try(),
        can_do=_("Use a proof to see the message."),
    ),
    "held_out": lambda: Reason(
        short=_("Held out of the experiment"),
        happened=_("The plan of the experiment leaves a share of people without a message."),
        did=_no_try(),
        can_do=_("Nothing: what others do more often than they is what writing brings."),
    ),
    "target_grew": lambda: Reason(
        short=_("The target grew"),
        happened=_("More people came into the target while its messages were written."),
        did=_("No more messages go out than were confirmed. Nothing was charged."),
        can_do=_("Send a copy to those left: it is confirmed anew."),
    ),
    "reached": lambda: Reason(
        short=_("Got it from another copy"),
        happened=_("Another copy of this delivery reached this recipient, or may have."),
        did=_no_try(),
        can_do=_("Nothing."),
    ),
    "not_permitted": lambda: Reason(
        short=_("Refuses messages from you"),
        happened=_("This person does not allow messages from this account."),
        did=_quarantined(),
        can_do=_("Lift the quarantine once the person allows messages again."),
    ),
    "unknown_person": lambda: Reason(
        short=_("Account no longer exists"),
        happened=_("The network knows no such person any more."),
        did=_quarantined(),
        can_do=_("Nothing."),
    ),
    "suspended": lambda: Reason(
        short=_("Account is suspended"),
        happened=_("The network suspended this person’s account."),
        did=_quarantined(),
        can_do=_("Lift the quarantine if the account comes back."),
    ),
    "duplicate": lambda: Reason(
        short=_("The network saw this text before"),
        happened=_("The network refuses the same text twice from one account."),
        did=_("Did not try again; the account’s other posts are untouched."),
        can_do=_("Send a copy to those left, with another text."),
    ),
    "too_long": lambda: Reason(
        short=_("Too long"),
        happened=_("The text is longer than the network allows."),
        did=_("Did not try again."),
        can_do=_("Send a copy to those left, with a shorter text."),
    ),
    "refused": lambda: Reason(
        short=_("Refused by the network"),
        happened=_("The network refused this message."),
        did=_("Did not try again."),
        can_do=_(
            "Read what the network said, and change what it objects to in a copy for those left."
        ),
    ),
    "stumbled": lambda: Reason(
        short=_("The network stumbled"),
        happened=_("The network could not take the message."),
        did=_("Tries again later, less and less often."),
        can_do=_("Nothing; wait."),
    ),
    "no_answer": lambda: Reason(
        short=_("No clear answer"),
        happened=_("The network did not say whether it took the message."),
        did=_("Asks the network what became of it, and will not send it twice."),
        can_do=_("Wait, or look at the account’s own page."),
    ),
    "expired": lambda: Reason(
        short=_("Validity ended"),
        happened=_("The delivery’s validity ended before this message’s turn came."),
        did=_no_try(),
        can_do=_("Send a copy to those left; it has a validity of its own."),
    ),
    "stopped": lambda: Reason(
        short=_("Delivery was stopped"),
        happened=_("An operator stopped the delivery before this message’s turn came."),
        did=_no_try(),
        can_do=_("Send a copy to those left: nobody gets it twice."),
    ),
    "expired_half_way": lambda: Reason(
        short=_("Validity ended half-way"),
        happened=_("The delivery’s validity ended after some parts were out."),
        did=_("Left what is out where it is, and sent no more."),
        can_do=_("Let it go on, or take back what is out."),
    ),
    "stopped_half_way": lambda: Reason(
        short=_("Stopped half-way"),
        happened=_("An operator stopped the delivery after some parts were out."),
        did=_("Left what is out where it is, and sent no more."),
        can_do=_("Let it go on, or take back what is out."),
    ),
    "taken_back": lambda: Reason(
        short=_("Taken back"),
        happened=_("It ended after some parts were out, and an operator had these deleted."),
        did=_("Asked the network to delete each part, and sent no more."),
        can_do=_("Nothing."),
    ),
    "bounced": lambda: Reason(
        short=_("Did not arrive"),
        happened=_("The network took the message over and told later that it did not arrive."),
        did=_("Keeps what the network says; an address that takes none ends the messages to it."),
        can_do=_("Look at the address on the network."),
    ),
    "complained": lambda: Reason(
        short=_("Complained"),
        happened=_("The person called a message unwanted."),
        did=_("Ended the messages to this person."),
        can_do=_("Nothing; only the person can agree again."),
    ),
    "erased": lambda: Reason(
        short=_("Erased meanwhile"),
        happened=_(
            "This person or their subscription was erased after the delivery was confirmed."
        ),
        did=_no_try(),
        can_do=_("Nothing."),
    ),
    "erased_unknown": lambda: Reason(
        short=_("Erased before the outcome was known"),
        happened=_(
            "The network did not say whether it took the message, and the person was erased since."
        ),
        did=_("Cannot ask what became of it any more, and will not send it again."),
        can_do=_("Nothing."),
    ),
    "media_missing": lambda: Reason(
        short=_("A file is missing"),
        happened=_("Fanfare does not have the file of a picture or film of this message."),
        did=_no_try(),
        can_do=_("Send a copy without it."),
    ),
    "media_unreadable": lambda: Reason(
        short=_("A file cannot be read"),
        happened=_("Fanfare could not read the file of a picture or film of this message."),
        did=_("Sent nothing, and tries again later."),
        can_do=_("Let the user that runs Fanfare read the folder of pictures, var/media."),
    ),
    "media_refused": lambda: Reason(
        short=_("A picture was refused"),
        happened=_("The network did not take a picture or film of this message."),
        did=_("Sent nothing: no message goes out without what it shows."),
        can_do=_("Send a copy with another picture."),
    ),
    "media_gone": lambda: Reason(
        short=_("A picture is uploaded anew"),
        happened=_("The network does not know the uploaded picture any more."),
        did=_("Uploads it once more, and then tries again."),
        can_do=_("Nothing."),
    ),
    "media_processing": lambda: Reason(
        short=_("The network works on a picture or film"),
        happened=_("What was uploaded is not ready yet."),
        did=_("Asks again when the network says that it makes sense."),
        can_do=_("Nothing."),
    ),
    "upload_unknown": lambda: Reason(
        short=_("Nobody knows whether a picture arrived"),
        happened=_("The network gave no answer to the upload of a picture or film."),
        did=_("Uploads it once more, and sends nothing before that."),
        can_do=_("Nothing."),
    ),
    "internal": lambda: Reason(
        short=_("Fanfare failed"),
        happened=_("Something went wrong inside Fanfare while this message was prepared."),
        did=_no_try(),
        can_do=_("Show the worker’s log to whoever looks after Fanfare."),
    ),
    "unresolved": lambda: Reason(
        short=_("A field could not be filled"),
        happened=_("The text names something Fanfare does not know about this person."),
        did=_no_try(),
        can_do=_("Give the field a word to use instead: {first_name|there}."),
    ),
}


def of(code: str) -> Reason:
    """Return the reason of a code; one of a plugin's own reads as a refusal."""
    return REASONS.get(code, REASONS["refused"])()


def short(code: str) -> str:
    """Return a reason as a table shows it."""
    return of(code).short if code else ""


def notice(code: str) -> Notice:
    """Return a reason as it is kept where more than reasons are."""
    return Notice("reason", reason=code) if code else NOTHING


notices.declare({"reason": lambda values: short(values["reason"])})


def half_way(code: str) -> str:
    """Return the code of an end that met a message of which some parts are out."""
    return f"{code}_half_way"


HALF_OUT = (half_way("stopped"), half_way("expired"))
"""Ends that met a message of which some parts are out, and still stand."""

TAKEN_BACK = "taken_back"
"""What was out when a message ended, and an operator had deleted."""

OF_UPLOADS = frozenset({"media_gone", "media_unreadable", "upload_unknown"})
NETWORKS_OWN = frozenset({"unreachable", "stumbled"}) | OF_UPLOADS
"""Faults of the network or of files, which say nothing about the person, and count for nobody."""

PERSONAL = frozenset({"not_permitted", "unknown_person", "suspended"})
"""Failures that are about the person, and so lead to quarantine; all others are not."""
