"""Connects an account and names what is wrong when it cannot be used, each fault with its fix."""

import time
from collections.abc import Iterable, Iterator
from datetime import timedelta

from channels import (
    Account,
    ChannelContext,
    ChannelError,
    Check,
    CheckState,
    ErrorKind,
    Operation,
    RemotePost,
    SettingsForm,
)
from channels.http import member_of, text_of
from channels.sentences import _, later
from plugins.x import errors, handles, listing, oauth2
from plugins.x.client import XClient, host_of, keys_accepted, understood
from plugins.x.forms import XSettingsForm
from plugins.x.limits import LATEST
from plugins.x.mapping import ACCOUNT_FIELDS, to_account, to_post

SIGN_IN_AGAIN = later("Sign in on X again, and allow all that is asked.")
FULL, READ_ONLY = "read-write-directmessages", "read"
# X refuses signatures older than this, and a doubtful clock shows long before.
DOUBTFUL_SKEW = timedelta(seconds=30)


class XConnection:
    """The connection part of the channel."""

    def settings_form(self) -> type[SettingsForm]:
        """Return the form with the four secrets."""
        return XSettingsForm

    def connect(self, context: ChannelContext) -> Account:
        """Return the live account with its latest posts."""
        handles.refuse_impossible(context.handle)
        client = XClient(context, Operation.ACCOUNT)
        found = client.get("/users/me", **{"user.fields": ACCOUNT_FIELDS})
        level = _level(context, client)
        with understood(writes=False):
            user = member_of(found, "data")
            handles.refuse_missing(context, text_of(found, "data", "username"))
            return to_account(user, _latest(context, text_of(found, "data", "id")), level)

    def diagnose(self, context: ChannelContext) -> Iterable[Check]:
        """Yield the checks in the order in which a fault would hide the later ones."""
        return Diagnosis(context).checks()


def _level(context: ChannelContext, client: XClient) -> str:
    """Return what the token may do: X states it of the four keys, a sign-in has scopes."""
    if oauth2.signed_in(context):
        return oauth2.level_of(oauth2.scopes_of(context))
    return client.access_level


def _latest(context: ChannelContext, user_id: str) -> list[RemotePost]:
    """Read the latest posts; an account can be used without them."""
    client = XClient(context, Operation.FIND)
    fields = "created_at,entities,public_metrics"
    try:
        with understood(writes=False):
            found = listing.posts(client, f"/users/{user_id}/tweets", fields, max_results=LATEST)
            return [to_post(item) for item in listing.rows_of(found)]
    except ChannelError as fault:
        context.log.info("The latest posts were not read: %s", fault.code)
        return []


class Diagnosis:
    """One examination: a single call tells most of it."""

    def __init__(self, context: ChannelContext) -> None:
        """Examine the service of `context`."""
        self.context = context
        self.client = XClient(context, Operation.ACCOUNT)
        self.fault: ChannelError | None = None
        self.handle = self.remote_id = ""
        self.took = 0

    def checks(self) -> Iterator[Check]:
        """Yield each check as it ends."""
        self._call()
        yield self._reached()
        if self.client.session.last is None:
            return
        yield self._clock()
        yield self._keys()
        yield self._token()
        yield self._account()
        yield self._permission()
        yield self._credits()

    def _call(self) -> None:
        began = time.perf_counter()
        try:
            found = self.client.get("/users/me", **{"user.fields": ACCOUNT_FIELDS})
            with understood(writes=False):
                self.handle = text_of(found, "data", "username")
                self.remote_id = text_of(found, "data", "id")
        except ChannelError as fault:
            self.fault = fault
        self.took = round((time.perf_counter() - began) * 1000)

    def _reached(self) -> Check:
        host = host_of(self.context)
        if self.client.session.last is not None:
            return self._passed("reachable", _("%(host)s answers", host=host), took=self.took)
        label = _("Connection to X")
        if not host:
            address = _("Set FANFARE_X_SANDBOX_URL to its address.")
            return self._failed("reachable", label, _("No Sandbox X is known here."), address)
        return self._failed(
            "reachable",
            label,
            _("%(host)s cannot be reached.", host=host),
            _("Check this machine’s network, and any proxy or firewall on the way."),
        )

    def _clock(self) -> Check:
        theirs = errors.date_of(self.client.session.last)
        if theirs is None:
            return self._open("clock", _("Clock agrees with X"))
        apart = abs(self.context.now() - theirs)
        detail = _("%(n)s s apart", n=round(apart.total_seconds(), 1))
        label = _("Clock agrees with X")
        if apart <= DOUBTFUL_SKEW:
            return self._passed("clock", label, detail)
        fix = _(
            "Let this machine set its clock automatically, for instance with systemd-timesyncd."
        )
        if apart < errors.LARGEST_SKEW:
            state = CheckState.WARNING
            return Check(code="clock", label=label, state=state, detail=detail, fix=fix)
        wrong = _(
            "This machine’s clock is %(n)s s off, so X refuses it.", n=round(apart.total_seconds())
        )
        return self._failed("clock", label, wrong, fix)

    def _unauthorised(self) -> bool:
        refused = {"bad_token", "clock", "locked", "wrong_auth"}
        return self.fault is not None and self.fault.code in refused

    def _keys(self) -> Check:
        label = _("Keys accepted")
        if not self._unauthorised():
            return self._passed("keys", label)
        if oauth2.signed_in(self.context):
            return self._open("keys", label)
        accepted = keys_accepted(self.context)
        if accepted is None:
            return self._open("keys", label)
        if accepted:
            return self._passed("keys", label)
        return self._failed(
            "keys",
            label,
            _("X does not know the consumer key, or its secret is wrong."),
            _("Copy both again from console.x.com, your app, Keys and tokens."),
        )

    def _token(self) -> Check:
        label = _("Token accepted")
        if not self._unauthorised() or self.fault is None:
            return self._passed("token", label)
        if self.fault.code == "clock":
            return self._open("token", label)
        fix = _("Make a new access token and secret in the app and enter both here.")
        if oauth2.signed_in(self.context):
            fix = str(SIGN_IN_AGAIN)
        said = _("X does not accept the access token.")
        if self.fault.code == "locked":
            said = self.fault.message
        return self._failed("token", label, said, fix)

    def _account(self) -> Check:
        name = self.context.handle
        label = _("Account is @%(name)s", name=name)
        if not self.handle:
            return self._open("account", label)
        known = self.context.remote_id
        right = self.remote_id == known if known else self.handle.lower() == name.lower()
        if right:
            return self._passed("account", label, _("id %(id)s", id=self.remote_id))
        return self._failed(
            "account",
            label,
            _("The token belongs to @%(actual)s, not to @%(name)s.", actual=self.handle, name=name),
            _("Log in to X as @%(name)s, then make the access token again.", name=name),
        )

    def _permission(self) -> Check:
        level = _level(self.context, self.client)
        label = _("Permission: read, write, messages")
        if level == FULL:
            return self._passed("permission", label)
        if not level:
            return self._open("permission", label)
        if level == READ_ONLY:
            state = CheckState.ERROR
            found = _("The token of @%(name)s is read-only.", name=self.context.handle)
        else:
            # It publishes all the same, so the account is of use.
            state = CheckState.WARNING
            found = _("The token of @%(name)s cannot send messages.", name=self.context.handle)
        if oauth2.signed_in(self.context):
            fix = str(SIGN_IN_AGAIN)
            return Check(code="permission", label=label, state=state, detail=found, fix=fix)
        fix = _(
            "Set “Read, write and direct messages” in the settings of the app on console.x.com, "
            "then make a new access token: the old one keeps the permission it was made with."
        )
        return Check(code="permission", label=label, state=state, detail=found, fix=fix)

    def _credits(self) -> Check:
        label = _("Credits")
        if self.fault is not None and self.fault.code == "no_credits":
            fix = _("Buy credits on console.x.com, under Billing.")
            return self._failed("credits", label, _("No credits are left."), fix)
        if self.fault is not None:
            return self._other()
        return self._passed("credits", _("Credits: X takes charged calls"))

    def _other(self) -> Check:
        """Name a fault that none of the checks above explains."""
        label = _("Credits")
        if self.fault is None or self._unauthorised():
            return self._open("credits", label)
        if self.fault.kind in (ErrorKind.LIMITED, ErrorKind.TEMPORARY):
            state = CheckState.WARNING
            return Check(code="credits", label=label, state=state, detail=self.fault.message)
        return self._failed("access", _("X answers"), self.fault.message, "")

    def _passed(self, code: str, label: str, detail: str = "", *, took: int | None = None) -> Check:
        return Check(
            code=code, label=label, state=CheckState.PASSED, detail=detail, milliseconds=took
        )

    def _failed(self, code: str, label: str, detail: str, fix: str) -> Check:
        return Check(code=code, label=label, state=CheckState.ERROR, detail=detail, fix=fix)

    def _open(self, code: str, label: str) -> Check:
        return Check(code=code, label=label, state=CheckState.NOT_RUN, detail=_("not asked yet"))
