"""What an operator sets for themselves: name, language, zone, theme, password."""

from webapp.kernel.errors import Invalid
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.operators.accounts import team, time_zones
from webapp.operators.authentication import failed_logins, passwords, throttle
from webapp.operators.models import LoginSession, Operator
from webapp.operators.ownership import require_own

LANGUAGES = {"en": "English"}
THEMES = ("auto", "light", "dark")


@requires(Permission.VIEW)
def change(
    runtime: Runtime, operator: Operator, *, name: str, language: str, time_zone: str
) -> None:
    """Change how Fanfare speaks to an operator; raise `Invalid` for unknown values."""
    require_own(runtime, operator)
    if language not in LANGUAGES:
        raise Invalid(_("Fanfare does not speak this language."), {"language": _("Choose one.")})
    time_zones.checked(time_zone)
    operator.name = name.strip() or operator.name
    operator.language = language
    operator.time_zone = time_zone
    runtime.record("operator.profile", operator)
    runtime.session.commit()


@requires(Permission.VIEW)
def set_theme(runtime: Runtime, operator: Operator, theme: str) -> None:
    """Choose light, dark, or what the system shows."""
    require_own(runtime, operator)
    if theme not in THEMES:
        raise Invalid(_("There is no such theme."))
    operator.theme = theme
    runtime.record("operator.theme", operator, theme=theme)
    runtime.session.commit()


@requires(Permission.VIEW)
def put_start_away(runtime: Runtime, operator: Operator) -> None:
    """Show the list of first steps no more."""
    require_own(runtime, operator)
    operator.start_away = True
    runtime.record("operator.start_away", operator)
    runtime.session.commit()


@requires(Permission.VIEW)
def change_password(runtime: Runtime, session: LoginSession, *, old: str, new: str) -> None:
    """Replace the password of the operator of `session`; raise `Invalid` when the old one is wrong.

    Whoever sits down at an open session guesses no faster than at the log-in.
    """
    operator, tallies = session.operator, throttle.of_session(session)
    try:
        throttle.take(runtime, tallies)
    except throttle.TooSoon as fault:
        raise Invalid(fault.message, {"old": fault.message}) from fault
    if not passwords.fits(old, operator.password_hash):
        failed_logins.note(runtime, operator, session.address)
        wrong = _("This is not your current password.")
        raise Invalid(wrong, {"old": wrong})
    throttle.forgive(runtime, tallies)
    team.set_password(runtime, operator.id, new)
