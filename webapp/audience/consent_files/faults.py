"""Why a row of a file is not taken in, as codes with their sentences."""

from enum import StrEnum

from webapp.kernel.i18n import _


class Fault(StrEnum):
    """What is wrong with a row."""

    ACCOUNT = "no_account"
    NOBODY = "no_person"
    SHORTENED = "shortened_id"
    UNKNOWN = "unknown_person"
    SEVERAL = "several_people"
    ERASED = "erased"
    OWN = "own_account"
    ANSWER = "no_answer"
    SCOPE = "not_messages"
    DATE = "no_date"
    NOT_A_DATE = "not_a_date"
    TO_COME = "to_come"
    WORDING = "no_wording"
    PROOF = "no_proof"
    LANGUAGE = "not_a_language"
    LONG = "too_long"
    WIDE = "too_wide"


class Wrong(Exception):
    """A row says something that cannot be taken in: the column at fault, and why."""

    def __init__(self, field: str, fault: Fault) -> None:
        """Say which column, and what is wrong."""
        super().__init__(f"{field}: {fault.value}")
        self.field, self.fault = field, fault


def words(fault: Fault) -> str:
    """Return the sentence of a fault."""
    return {
        Fault.ACCOUNT: _("No account of yours is connected by this name."),
        Fault.NOBODY: _("It names nobody: neither an id on the network nor a username."),
        Fault.SHORTENED: _("A spreadsheet shortened this id. Bring the file as it was before."),
        Fault.UNKNOWN: _("Nobody known has this username. Give the id on the network."),
        Fault.SEVERAL: _("Several people had this username. Give the id on the network."),
        Fault.ERASED: _("This person was erased, so nothing of them is kept."),
        Fault.OWN: _("This is an account of your own."),
        Fault.ANSWER: _("It says neither yes nor no."),
        Fault.SCOPE: _("It is about something else than messages."),
        Fault.DATE: _("A yes needs the date on which it was given."),
        Fault.NOT_A_DATE: _("This is no date, or not written as chosen."),
        Fault.TO_COME: _("This date is still to come."),
        Fault.WORDING: _("A yes needs the words that were agreed to."),
        Fault.PROOF: _("A yes needs where and how it was given."),
        Fault.LANGUAGE: _("This is no code of a language, such as fr."),
        Fault.LONG: _("This is too long."),
        Fault.WIDE: _("The row has more cells than the first line."),
    }[fault]
