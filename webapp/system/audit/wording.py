"""The audit in words: what was done, and what more is known of it, as a person says it."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from webapp.deliveries import reasons
from webapp.deliveries.queries import audit_trail
from webapp.kernel.audit import AuditEntry
from webapp.kernel.i18n import _, lazy_gettext
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
    ServiceState.CONNECTED.value: lazy_gettext("connected"),
    ServiceState.NEEDS_FIXING.value: lazy_gettext("needs fixing"),
}

# What is not named here is told by the sentence itself, or is for machines, such as a hash.
DETAILS = {
    "accepted": lazy_gettext("accepted"),
    "address": lazy_gettext("address"),
    "after": lazy_gettext("after"),
    "agent": lazy_gettext("browser"),
    "before": lazy_gettext("before"),
    "ended": lazy_gettext("sessions"),
    "state": lazy_gettext("state"),
    "fault": lazy_gettext("fault"),
    "fields": lazy_gettext("changed"),
    "folder": lazy_gettext("folder"),
    "internal_name": lazy_gettext("account"),
    "meaning": lazy_gettext("means"),
    "note": lazy_gettext("note"),
    "on": lazy_gettext("on"),
    "plugin": lazy_gettext("plugin"),
    "proof": lazy_gettext("proof"),
    "purpose": lazy_gettext("purpose"),
    "reason": lazy_gettext("reason"),
    "role": lazy_gettext("role"),
    "said": lazy_gettext("wrote"),
    "secrets": lazy_gettext("keys"),
    "settings": lazy_gettext("settings of the channel"),
    "since": lazy_gettext("since"),
    "theme": lazy_gettext("theme"),
    "tries": lazy_gettext("tries"),
}

CHANGED = {
    "label": lazy_gettext("label"),
    "daily_cap": lazy_gettext("direct messages a day, at most"),
    "monthly_budget": lazy_gettext("budget a month"),
    "time_zone": lazy_gettext("time zone"),
    "sync_subscriptions": lazy_gettext("reads its people"),
    "is_test": lazy_gettext("test account"),
    "four_eyes": lazy_gettext("second pair of eyes"),
    "folder": lazy_gettext("folder"),
    "visitor_folder": lazy_gettext("folder of its people"),
}

# Actions whose words name something of the one entry, in a list of what can be looked for.
ANY = {
    "delivery.duplicate": lazy_gettext("Made the draft as a copy"),
    "delivery.proof": lazy_gettext("Sent a proof"),
    "delivery.follow_up": lazy_gettext("Made the draft of a follow-up"),
    "delivery.send_rest": lazy_gettext("Made the draft for those another did not reach"),
    "delivery.go_on": lazy_gettext("Let a thread go on"),
    "delivery.take_back": lazy_gettext("Took back a post"),
}

ACTIONS = {
    "erasure.ask": lazy_gettext("Wrote down that somebody wants to be erased"),
    "erasure.erase": lazy_gettext("Erased a person"),
    "erasure.withdraw": lazy_gettext("Kept a person who wanted to be erased"),
    "visitor.confirm_email": lazy_gettext("Confirmed their e-mail address by a mail"),
    "channel_app.enter": lazy_gettext("Entered the app that accounts sign in to"),
    "channel_app.forget": lazy_gettext("Removed the app that accounts sign in to"),
    "keys.rotate": lazy_gettext("Encrypted every secret again"),
    "operator.accept": lazy_gettext("Accepted the invitation"),
    "operator.create": lazy_gettext("Made the operator"),
    "operator.disable": lazy_gettext("Disabled the operator"),
    "operator.enable": lazy_gettext("Enabled the operator again"),
    "acquisition_page.create": lazy_gettext("Made the page"),
    "acquisition_page.edit": lazy_gettext("Changed the page"),
    "acquisition_page.add_language": lazy_gettext("Added a language to the page"),
    "acquisition_page.remove_language": lazy_gettext("Took a language off the page"),
    "acquisition_page.picture": lazy_gettext("Changed the picture of the page"),
    "acquisition_page.source": lazy_gettext("Made a source of the page"),
    "acquisition_page.online": lazy_gettext("Put the page online"),
    "acquisition_page.close": lazy_gettext("Closed the page"),
    "acquisition_page.restore": lazy_gettext("Put an earlier version back into the draft"),
    "acquisition_page.renew_link": lazy_gettext("Made another private link to the draft"),
    "operator.end_session": lazy_gettext("Ended a session"),
    "operator.end_sessions": lazy_gettext("Ended all sessions"),
    "operator.invite": lazy_gettext("Invited the operator"),
    "operator.log_in": lazy_gettext("Logged in"),
    "operator.log_out": lazy_gettext("Logged out"),
    "operator.password": lazy_gettext("Set a new password"),
    "operator.profile": lazy_gettext("Changed the profile"),
    "operator.refuse": lazy_gettext("Refused a wrong password"),
    "operator.role": lazy_gettext("Changed the role"),
    "operator.start_away": lazy_gettext("Put the first steps away"),
    "operator.theme": lazy_gettext("Changed the theme"),
    "operator.unlock": lazy_gettext("Ended the pause after wrong passwords"),
    "own_word.add": lazy_gettext("Added to the words that end messages"),
    "own_word.remove": lazy_gettext("Removed from the words that end messages"),
    "plugin.failed": lazy_gettext("A plugin failed"),
    "report.mail": lazy_gettext("Asked for the weekly report by mail"),
    "report.no_mail": lazy_gettext("Ended the weekly report by mail"),
    "service.change": lazy_gettext("Changed the settings"),
    "service.connect": lazy_gettext("Connected the account"),
    "service.reconnect": lazy_gettext("Connected the account again"),
    "service.remove": lazy_gettext("Disconnected the account"),
    "service.remove_sandbox": lazy_gettext("Removed the sandbox account"),
    "service.rename": lazy_gettext("The account was renamed on its network"),
    "service.move": lazy_gettext("Began to move the account to a sign-in"),
    "service.move_back": lazy_gettext("Led the account back to its older keys"),
    "service.moved": lazy_gettext("Moved the account to a sign-in"),
    "service.sign_in": lazy_gettext("Signed in to the network of the account"),
    "service.state": lazy_gettext("The state of the account changed"),
    "subscription.doubt_is_none": lazy_gettext("Decided that it was no STOP"),
    "subscription.doubt_is_stop": lazy_gettext("Decided that it was a STOP"),
    "subscription.end": lazy_gettext("Its network told that messages must end"),
    "consent_import.bring": lazy_gettext("Brought a file of consents"),
    "consent_import.finished": lazy_gettext("Took a file of consents in"),
    "consent_import.map": lazy_gettext("Said how a file of consents is read"),
    "consent_import.start": lazy_gettext("Started to take a file of consents in"),
    "consent_import.stopped": lazy_gettext("Stopped taking a file of consents in"),
    "subscription.hear_doubt": lazy_gettext("Wrote what looks like a refusal"),
    "subscription.hear_opt_in": lazy_gettext("Wrote that messages are welcome"),
    "subscription.hear_stop": lazy_gettext("Wrote STOP"),
    "subscription.lift_quarantine": lazy_gettext("Lifted the quarantine"),
    "subscription.opt_in": lazy_gettext("Recorded an opt-in"),
    "subscription.quarantine": lazy_gettext("Put into quarantine"),
    "subscription.stop": lazy_gettext("Recorded an opt-out"),
    "template.change": lazy_gettext("Changed the template"),
    "template.create": lazy_gettext("Made the template"),
    "template.remove": lazy_gettext("Removed the template"),
    "tracking.allow": lazy_gettext("Let clicks be kept with the person again"),
    "tracking.choose": lazy_gettext("Chose how clicks are counted"),
    "tracking.domain": lazy_gettext("Chose what the links of the account begin with"),
    "tracking.key": lazy_gettext("Made a key that reports of conversions are signed with"),
    "tracking.lose": lazy_gettext("Lost clicks that could neither be written nor remembered"),
    "tracking.refuse": lazy_gettext("Let clicks be kept without the person"),
    "visitor.share": lazy_gettext("Shared something on a page"),
    "visitor.take_back": lazy_gettext("Took back on a page what they agreed to"),
    "visitor.copy": lazy_gettext("Made a copy of the data of a person"),
    "visitor.move": lazy_gettext("Moved into another folder"),
    "workflow.pause": lazy_gettext("Paused the workflow"),
    "workflow.reschedule": lazy_gettext("Changed the schedule"),
    "workflow.run": lazy_gettext("Ran the workflow now"),
    "workflow.start": lazy_gettext("Started the workflow"),
    "workflow.stop": lazy_gettext("Stopped the workflow"),
}
