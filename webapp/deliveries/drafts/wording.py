"""Checks what somebody typed of a text, with a sentence for each fault: one rule for every text."""

from webapp.kernel.i18n import _

LONGEST_CONTENT = 100_000
LONGEST_SUBJECT = 200


def plain(text: str) -> str:
    """Return a text with plain line ends."""
    return text.replace("\r\n", "\n")


def fault_of_text(text: str) -> str:
    """Say why a text cannot be kept; nothing where it can."""
    return _("This text is too long to be kept.") if len(text) > LONGEST_CONTENT else ""


def one_line(subject: str) -> str:
    """Return a subject on one line: a second one could be read as another header of a mail."""
    return " ".join(subject.split())


def fault_of_subject(subject: str) -> str:
    """Say why a subject on one line cannot be kept; nothing where it can."""
    if len(subject) > LONGEST_SUBJECT:
        return _("A subject has at most %(n)s characters.", n=LONGEST_SUBJECT)
    return ""
