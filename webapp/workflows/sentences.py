"""The sentences that are kept about runs, by their codes."""

from webapp.kernel.i18n import later_plural, lazy_gettext
from webapp.kernel.text import notices

notices.declare(
    {
        "run_started": lazy_gettext("Started by %(who)s"),
        "run_stopped": lazy_gettext("Stopped by an operator"),
        "run_done": lazy_gettext("Done"),
        "run_cost": lazy_gettext("Cost %(all)s: %(parts)s"),
        "run_cost_with_messages": lazy_gettext(
            "Cost %(all)s: %(parts)s; %(rest)s without messages, %(messages)s for messages"
        ),
        "run_cost_of": "%(name)s %(cost)s",
        "by_schedule": lazy_gettext("schedule"),
        "zone_unknown": lazy_gettext("The time zone %(zone)s of the schedule is unknown."),
        "schedule_broken": lazy_gettext("The schedule %(schedule)s cannot be followed."),
        "waits_for_budget": lazy_gettext(
            "It waits until the budget is raised, or the next month begins."
        ),
        "month_spent": lazy_gettext("%(name)s: the month’s budget is spent, and a run costs more."),
        "no_such_workflow": lazy_gettext(
            "No plugin brings this workflow any more. Install it again."
        ),
        "plugin_run_failed": lazy_gettext("The plugin failed: %(name)s. See the log."),
        "services_failed": lazy_gettext("%(n)s services failed; the journal names each."),
        "services_to_fix": lazy_gettext("%(n)s of %(all)s services need fixing."),
        "checks_passed": lazy_gettext("%(name)s: %(n)s checks passed"),
        "cleaned_follow_ups": later_plural(
            "%(num)s follow-up forgotten", "%(num)s follow-ups forgotten"
        ),
        "cleaned_pictures": later_plural(
            "%(num)s picture removed that nothing shows",
            "%(num)s pictures removed that nothing shows",
        ),
        "cleaned_messages": later_plural("%(num)s message removed", "%(num)s messages removed"),
        "cleaned_clicks": later_plural("%(num)s click removed", "%(num)s clicks removed"),
        "cleaned_conversions": later_plural(
            "%(num)s report of a conversion removed", "%(num)s reports of conversions removed"
        ),
        "cleaned_page_answers": later_plural(
            "%(num)s answer on a page removed", "%(num)s answers on pages removed"
        ),
        "cleaned_visits": later_plural(
            "%(num)s sign-in on a page removed", "%(num)s sign-ins on pages removed"
        ),
        "cleaned_audit": later_plural(
            "%(num)s entry of the audit removed", "%(num)s entries of the audit removed"
        ),
        "cleaned_runs": later_plural("%(num)s run removed", "%(num)s runs removed"),
        "cleaned_sessions": later_plural("%(num)s session removed", "%(num)s sessions removed"),
        "cleaned_inbound": later_plural(
            "%(num)s message from people removed", "%(num)s messages from people removed"
        ),
        "cleaned_consent_files": later_plural(
            "%(num)s file of consents that nobody took in removed",
            "%(num)s files of consents that nobody took in removed",
        ),
        "cleaned_consent_imports": later_plural(
            "%(num)s report about a file of consents removed",
            "%(num)s reports about files of consents removed",
        ),
        "cleaned_events": later_plural(
            "%(num)s event of a network removed", "%(num)s events of networks removed"
        ),
        "cleaned_files": later_plural(
            "%(num)s file that nobody imported removed",
            "%(num)s files that nobody imported removed",
        ),
        "cleaned_waiting_contacts": later_plural(
            "%(num)s shared contact removed that nobody assigned",
            "%(num)s shared contacts removed that nobody assigned",
        ),
        "cleaned_merges": later_plural(
            "%(num)s merge of profiles can no longer be undone",
            "%(num)s merges of profiles can no longer be undone",
        ),
        "cleaned_imports": later_plural(
            "%(num)s report of an import removed", "%(num)s reports of imports removed"
        ),
        "cleaned_refreshes": later_plural(
            "%(num)s renewal of a session removed", "%(num)s renewals of sessions removed"
        ),
        "cleaned_sign_ins": later_plural(
            "%(num)s sign-in that was begun removed", "%(num)s sign-ins that were begun removed"
        ),
        "cleaned_wishes": later_plural(
            "%(num)s wish to be erased that is over removed",
            "%(num)s wishes to be erased that are over removed",
        ),
        "cleaned_throttle": later_plural(
            "%(num)s count of wrong passwords removed", "%(num)s counts of wrong passwords removed"
        ),
    }
)
