"""What an operator sets for themselves: name, language, zone, theme, password."""

from zoneinfo import available_timezones

from webapp.kernel.errors import Invalid
from webapp.kernel.runtime import Runtime
from webapp.kernel.words import _
from webapp.operators import passwords, team
from webapp.operators.models import Operator

LANGUAGES = {"en": "English"}
THEMES = ("auto", "light", "dark")


def change(
    runtime: Runtime, operator: Operator, *, name: str, language: str, time_zone: str
) -> None:
    """Change how Fanfare speaks to an operator; raise `Invalid` for unknown values."""
    if language not in LANGUAGES:
        raise Invalid(_("Fanfare does not speak this language."), {"language": _("Choose one.")})
    if time_zone not in available_timezones():
        fault = _("There is no such time zone. An example is Europe/Paris.")
        raise Invalid(fault, {"time_zone": fault})
    operator.name = name.strip() or operator.name
    operator.language = language
    operator.time_zone = time_zone
    runtime.record("operator.profile", operator)
    runtime.session.commit()


def set_theme(runtime: Runtime, operator: Operator, theme: str) -> None:
    """Choose light, dark, or what the system shows."""
    if theme not in THEMES:
        raise Invalid(_("There is no such theme."))
    operator.theme = theme
    runtime.record("operator.theme", operator, theme=theme)
    runtime.session.commit()


def change_password(runtime: Runtime, operator: Operator, *, old: str, new: str) -> None:
    """Replace the operator's own password; raise `Invalid` when the old one is wrong."""
    if not passwords.fits(old, operator.password_hash):
        fault = _("This is not your current password.")
        raise Invalid(fault, {"old": fault})
    team.set_password(runtime, operator.id, new)
