"""The sentences that are kept about reports, by their codes."""

from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.text import notices

notices.declare(
    {
        "report_sent": lazy_gettext("Sent to %(who)s: the week of %(name)s"),
        "report_not_sent": lazy_gettext("Not sent to %(who)s: %(why)s"),
        "report_unknown": lazy_gettext("Perhaps sent to %(who)s, and not sent again: %(why)s"),
        "report_cut": lazy_gettext("The worker ended while it was sent."),
        "reports_failed": lazy_gettext("Some reports were not sent; the journal names each."),
    }
)
