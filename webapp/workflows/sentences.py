"""The sentences that are kept about runs, by their codes."""

from webapp.kernel.i18n import later, later_plural
from webapp.kernel.text import notices

notices.declare(
    {
        "run_started": later("Started by %(who)s"),
        "run_stopped": later("Stopped by an operator"),
        "run_done": later("Done"),
        "run_cost": later("Cost %(all)s: %(parts)s"),
        "run_cost_with_messages": later(
            "Cost %(all)s: %(parts)s; %(rest)s without messages, %(messages)s for messages"
        ),
        "run_cost_of": "%(name)s %(cost)s",
        "by_schedule": later("schedule"),
        "zone_unknown": later("The time zone %(zone)s of the schedule is unknown."),
        "schedule_broken": later("The schedule %(schedule)s cannot be followed."),
        "waits_for_budget": later("It waits until the budget is raised, or the next month begins."),
        "month_spent": later("%(name)s: the month’s budget is spent, and a run costs more."),
        "no_such_workflow": later("No plugin brings this workflow any more. Install it again."),
        "plugin_run_failed": later("The plugin failed: %(name)s. See the log."),
        "services_failed": later("%(n)s services failed; the journal names each."),
        "services_to_fix": later("%(n)s of %(all)s services need fixing."),
        "checks_passed": later("%(name)s: %(n)s checks passed"),
        "cleaned_messages": later_plural("%(num)s message removed", "%(num)s messages removed"),
        "cleaned_audit": later_plural(
            "%(num)s entry of the audit removed", "%(num)s entries of the audit removed"
        ),
        "cleaned_runs": later_plural("%(num)s run removed", "%(num)s runs removed"),
        "cleaned_sessions": later_plural("%(num)s session removed", "%(num)s sessions removed"),
        "cleaned_inbound": later_plural(
            "%(num)s message from people removed", "%(num)s messages from people removed"
        ),
        "cleaned_throttle": later_plural(
            "%(num)s count of wrong passwords removed", "%(num)s counts of wrong passwords removed"
        ),
    }
)
