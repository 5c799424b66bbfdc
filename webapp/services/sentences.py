"""The sentences that are kept about services and their limits, by their codes."""

from webapp.kernel.i18n import later
from webapp.kernel.text import notices

notices.declare(
    {
        "sandbox_account": later("%(name)s (sandbox)"),
        "disconnected": later("it was disconnected."),
        "needs_fixing": later("it needs fixing."),
        "cannot_send": later("%(name)s cannot send: %(fault)s"),
        "can_be_checked": later("Can be checked"),
        "plugin_failed": later("The plugin failed: %(name)s The log of Fanfare holds the details."),
        "wrong_account": later(
            "These keys belong to %(actual)s, not to %(wanted)s. Use the keys of "
            "%(wanted)s, or change the handle."
        ),
        "of_account": later("%(name)s: %(why)s"),
        "span_own_cap": later("day, your cap"),
        "span_minutes": later("%(n)s min"),
        "span_hours": later("%(n)s h"),
        "span_of_app": later("%(span)s, whole app"),
        "span_of_account": later("%(span)s, account"),
        "limit": later("%(operation)s, %(span)s"),
        "limit_of_account": later("%(limit)s, %(name)s"),
        "limit_spent": later("%(cap)s per %(span)s on %(name)s is used up."),
    }
)
