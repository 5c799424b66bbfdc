"""How long a name may be that somebody types, the same on pages and at the command line."""

from webapp.kernel.i18n import _

LONGEST = 200


def length_fault(text: str) -> str:
    """Return what is wrong with the length of a name, as a sentence; empty when nothing is."""
    if not text.strip():
        return _("This is needed.")
    if len(text.strip()) > LONGEST:
        return _("This is too long: at most %(n)s characters.", n=LONGEST)
    return ""
