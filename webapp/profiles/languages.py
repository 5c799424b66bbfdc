"""The languages that people read, by their codes."""

from collections.abc import Sequence

from babel import Locale, UnknownLocaleError
from sqlalchemy import select

from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.formats import language as spoken
from webapp.profiles.models import Profile

MOST = 50
# Offered where a language is written; any other code may be.
COMMON = ("de", "en", "es", "fr", "it", "ja", "nl", "pl", "pt", "tr", "uk", "zh")


def name(code: str) -> str:
    """Return what a language is called in that of the reader; its code where nobody knows."""
    try:
        found = Locale.parse(code, sep="-").get_display_name(spoken())
    except (UnknownLocaleError, ValueError):
        return code
    return found or code


@requires(Permission.VIEW)
def used(runtime: Runtime) -> Sequence[str]:
    """Return the languages of all profiles, met one after the other along their index."""
    found: list[str] = []
    while len(found) < MOST:
        behind = Profile.language > (found[-1] if found else "")
        code = runtime.session.scalar(
            select(Profile.language).where(behind).order_by(Profile.language).limit(1)
        )
        if not code:
            break
        found.append(code)
    return found
