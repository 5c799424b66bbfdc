"""The sentences that are kept about services and their limits, by their codes."""

from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.text import notices

notices.declare(
    {
        "sandbox_account": lazy_gettext("%(name)s (sandbox)"),
        "disconnected": lazy_gettext("it was disconnected."),
        "needs_fixing": lazy_gettext("it needs fixing."),
        "cannot_send": lazy_gettext("%(name)s cannot send: %(fault)s"),
        "can_be_checked": lazy_gettext("Can be checked"),
        "plugin_failed": lazy_gettext(
            "The plugin failed: %(name)s The log of Fanfare holds the details."
        ),
        "wrong_account": lazy_gettext(
            "These keys belong to %(actual)s, not to %(wanted)s. Use the keys of "
            "%(wanted)s, or change the handle."
        ),
        "of_account": lazy_gettext("%(name)s: %(why)s"),
        "span_own_cap": lazy_gettext("day, your cap"),
        "span_minutes": lazy_gettext("%(n)s min"),
        "span_hours": lazy_gettext("%(n)s h"),
        "span_of_app": lazy_gettext("%(span)s, whole app"),
        "span_of_account": lazy_gettext("%(span)s, account"),
        "session_ended": lazy_gettext(
            "The session of %(name)s ended and is being renewed. Nothing was sent."
        ),
        "no_sign_in": lazy_gettext("Nobody signs in to %(channel)s; enter keys."),
        "session_lost": lazy_gettext(
            "The answer to the last renewal of the sign-in of %(name)s was lost, so nobody knows "
            "its new tokens, and the old ones are never sent twice. Sign in again."
        ),
        "limit": lazy_gettext("%(operation)s, %(span)s"),
        "limit_of_account": lazy_gettext("%(limit)s, %(name)s"),
        "limit_spent": lazy_gettext("%(cap)s per %(span)s on %(name)s is used up."),
    }
)
