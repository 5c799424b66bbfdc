"""The sentences that are kept about synchronisations, by their codes."""

from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.text import naming, notices

notices.declare(
    {
        "reading_people": lazy_gettext("%(name)s: reading %(people)s"),
        "people_of": lambda values: naming.people(values["num"], values["kind"]),
        "messages_unread": lazy_gettext("%(name)s: messages cannot be read. %(fix)s"),
        "account_read": lazy_gettext(
            "%(name)s: done, %(new)s new, %(ended)s ended, %(wrote)s messages read"
        ),
        "account_read_and_listed": lazy_gettext(
            "%(name)s: done, %(new)s new, %(ended)s ended, %(wrote)s messages read; the network "
            "listed %(n)s more that were known, or your own"
        ),
        "reading_limit": lazy_gettext("%(name)s: the limit for reading is spent"),
        "tried_later": lazy_gettext("%(name)s is tried again later: %(why)s"),
        "budget_left_out": lazy_gettext("%(spent)s of the month’s budget of %(budget)s is spent."),
        "cost_unknown": lazy_gettext(
            "%(spent)s of the month’s budget of %(budget)s is spent, and nobody knows yet what a "
            "run costs."
        ),
        "cost_at_least": lazy_gettext(
            "%(spent)s of the month’s budget of %(budget)s is spent, and a run costs at least "
            "%(cost)s more."
        ),
        "cost_about": lazy_gettext(
            "%(spent)s of the month’s budget of %(budget)s is spent, and a run costs about "
            "%(cost)s more."
        ),
    }
)
