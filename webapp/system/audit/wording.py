"""The audit in words: what was done, and what more is known of it, as a person says it."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from webapp.deliveries import reasons
from webapp.deliveries.queries import audit_trail
from webapp.kernel.audit import AuditEntry
from webapp.kernel.i18n import _, later
from webapp.kernel.text import notices
from webapp.kernel.text.formats import date_zone, moment_of, money
from webapp.services.models import ServiceState
from webapp.workflows.schedules import cadence


def words(entry: AuditEntry) -> str:
    """Return what was done; a plugin's own action stands as it was written."""
    said = ACTIONS.get(entry.action)
    return str(said) if said else audit_trail.words(entry)


def detail(entry: AuditEntry) -> str:
    """Return what more is known: who agreed where, the fault, what was before and after."""
    if entry.subject == "delivery":
        more = audit_trail.detail(entry)
        return "" if more == entry.label else more
    known = entry.detail or {}
    if entry.action == "workflow.reschedule":
        return _rescheduled(known)
    if entry.action == "service.change":
        known = known | {"settings": known.get("changed", {}).get("settings")}
    # In an order of ours: PostgreSQL keeps the members of a document in one of its own.
    found = (_said(name, known.get(name)) for name in DETAILS)
    changed = _changed(known.get("changed") or {})
    return " · ".join(part for part in (*changed, *found) if part)


def _changed(values: dict[str, list[Any]]) -> Iterator[str]:
    """Say each value that was changed, with the one it was before."""
    for name, label in CHANGED.items():
        if name in values:
            before, after = (_value(name, value) for value in values[name])
            yield f"{label}: {before} → {after}"


def _value(name: str, value: Any) -> str:
    if value is None:
        return _("none")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return money(value) if name == "monthly_budget" else str(value)


def _rescheduled(known: dict[str, Any]) -> str:
    said = {
        name: cadence.words(str(known[name]), known.get(f"zone_{name}", ""))
        for name in ("after", "before")
        if known.get(name)
    }
    return " · ".join(f"{DETAILS[name]}: {words}" for name, words in said.items())


def actions(known: Iterable[str]) -> list[tuple[str, str]]:
    """Return actions with their words, in the order of the words, for a list of choices."""
    named = [(action, _of_any(action)) for action in known]
    return sorted(named, key=lambda pair: pair[1].casefold())


def _of_any(action: str) -> str:
    """Return what an action is called without one entry that tells which or how many."""
    return str(ANY[action]) if action in ANY else words(AuditEntry(action=action, detail={}))


def _said(name: str, value: Any) -> str:
    label = DETAILS.get(name)
    if label is None or value in (None, "", []):
        return ""
    return f"{label}: {VALUES.get(name, _plain)(value)}"


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _state(value: Any) -> str:
    return str(STATES.get(value, value))


VALUES: dict[str, Callable[[Any], str]] = {
    "address": lambda value: str(_("several more")) if value == "*" else str(value),
    "since": lambda value: date_zone(moment_of(str(value))),
    "reason": lambda value: reasons.short(str(value)),
    "state": _state,
    "fault": lambda value: str(notices.read(value)),
}
STATES = {
    ServiceState.CONNECTED.value: later("connected"),
    ServiceState.NEEDS_FIXING.value: later("needs fixing"),
}

# What is not named here is told by the sentence itself, or is for machines, such as a hash.
DETAILS = {
    "accepted": later("accepted"),
    "address": later("address"),
    "after": later("after"),
    "agent": later("browser"),
    "before": later("before"),
    "ended": later("sessions"),
    "state": later("state"),
    "fault": later("fault"),
    "fields": later("changed"),
    "folder": later("folder"),
    "internal_name": later("account"),
    "meaning": later("means"),
    "note": later("note"),
    "on": later("on"),
    "plugin": later("plugin"),
    "proof": later("proof"),
    "purpose": later("purpose"),
    "reason": later("reason"),
    "role": later("role"),
    "said": later("wrote"),
    "secrets": later("keys"),
    "settings": later("settings of the channel"),
    "since": later("since"),
    "theme": later("theme"),
    "tries": later("tries"),
}

CHANGED = {
    "label": later("label"),
    "daily_cap": later("direct messages a day, at most"),
    "monthly_budget": later("budget a month"),
    "time_zone": later("time zone"),
    "sync_subscriptions": later("reads its people"),
    "is_test": later("test account"),
    "four_eyes": later("second pair of eyes"),
    "folder": later("folder"),
    "visitor_folder": later("folder of its people"),
}

# Actions whose words name something of the one entry, in a list of what can be looked for.
ANY = {
    "delivery.duplicate": later("Made the draft as a copy"),
    "delivery.proof": later("Sent a proof"),
    "delivery.send_rest": later("Made the draft for those another did not reach"),
    "delivery.take_back": later("Took back a post"),
}

ACTIONS = {
    "keys.rotate": later("Encrypted every secret again"),
    "operator.accept": later("Accepted the invitation"),
    "operator.create": later("Made the operator"),
    "operator.disable": later("Disabled the operator"),
    "operator.enable": later("Enabled the operator again"),
    "operator.end_session": later("Ended a session"),
    "operator.end_sessions": later("Ended all sessions"),
    "operator.invite": later("Invited the operator"),
    "operator.log_in": later("Logged in"),
    "operator.log_out": later("Logged out"),
    "operator.password": later("Set a new password"),
    "operator.profile": later("Changed the profile"),
    "operator.refuse": later("Refused a wrong password"),
    "operator.role": later("Changed the role"),
    "operator.start_away": later("Put the first steps away"),
    "operator.theme": later("Changed the theme"),
    "operator.unlock": later("Ended the pause after wrong passwords"),
    "own_word.add": later("Added to the words that end messages"),
    "own_word.remove": later("Removed from the words that end messages"),
    "plugin.failed": later("A plugin failed"),
    "service.change": later("Changed the settings"),
    "service.connect": later("Connected the account"),
    "service.reconnect": later("Connected the account again"),
    "service.remove": later("Disconnected the account"),
    "service.remove_sandbox": later("Removed the sandbox account"),
    "service.rename": later("The account was renamed on its network"),
    "service.state": later("The state of the account changed"),
    "subscription.doubt_is_none": later("Decided that it was no STOP"),
    "subscription.doubt_is_stop": later("Decided that it was a STOP"),
    "subscription.hear_doubt": later("Wrote what looks like a refusal"),
    "subscription.hear_opt_in": later("Wrote that messages are welcome"),
    "subscription.hear_stop": later("Wrote STOP"),
    "subscription.lift_quarantine": later("Lifted the quarantine"),
    "subscription.opt_in": later("Recorded an opt-in"),
    "subscription.quarantine": later("Put into quarantine"),
    "subscription.stop": later("Recorded an opt-out"),
    "template.change": later("Changed the template"),
    "template.create": later("Made the template"),
    "template.remove": later("Removed the template"),
    "visitor.move": later("Moved into another folder"),
    "workflow.pause": later("Paused the workflow"),
    "workflow.reschedule": later("Changed the schedule"),
    "workflow.run": later("Ran the workflow now"),
    "workflow.start": later("Started the workflow"),
    "workflow.stop": later("Stopped the workflow"),
}
