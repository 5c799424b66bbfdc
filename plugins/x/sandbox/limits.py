"""How often X may be asked: windows of 15 minutes and of 24 hours, by account and by app."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from plugins.x.sandbox.answers import Refusal, refusal

QUARTER, DAY = 900, 86_400
# The app's windows are kept beside the accounts', whose ids are above zero.
APP = 0


class Operation(StrEnum):
    """What a request does; X keeps a window for each."""

    ME = "me"
    USER = "user"
    USER_BY_NAME = "user_by_name"
    USERS = "users"
    USERS_BY_NAME = "users_by_name"
    FOLLOWERS = "followers"
    TIMELINE = "timeline"
    POST = "post"
    DELETE = "delete"
    LOOKUP = "lookup"
    LOOKUP_ONE = "lookup_one"
    DIRECT = "direct"
    INBOX = "inbox"
    CONVERSATION = "conversation"
    UPLOAD = "upload"
    UPLOAD_STEP = "upload_step"
    UPLOAD_STATUS = "upload_status"
    MEDIA_METADATA = "media_metadata"
    TOKEN = "token"  # noqa: S105 - the name of an operation


@dataclass(frozen=True, slots=True)
class Caps:
    """The most requests an account, or its whole app, may make in 15 minutes and in 24 hours."""

    user: int | None = None
    app: int | None = None
    user_day: int | None = None
    app_day: int | None = None


# X's own table for user tokens (docs.x.com, fundamentals, rate limits).
DECLARED = {
    Operation.ME: Caps(user=75),
    Operation.USER: Caps(user=900),
    Operation.USER_BY_NAME: Caps(user=900),
    Operation.USERS: Caps(user=900),
    Operation.USERS_BY_NAME: Caps(user=900),
    Operation.FOLLOWERS: Caps(user=300),
    Operation.TIMELINE: Caps(user=900),
    Operation.POST: Caps(user=100, app_day=10_000),
    Operation.DELETE: Caps(user=50),
    Operation.LOOKUP: Caps(user=5_000),
    Operation.LOOKUP_ONE: Caps(user=900),
    Operation.DIRECT: Caps(user=15, user_day=1_440, app_day=1_440),
    Operation.INBOX: Caps(user=15),
    Operation.CONVERSATION: Caps(user=15),
    Operation.UPLOAD: Caps(user=500, app_day=50_000),
    Operation.UPLOAD_STEP: Caps(user=1_875, app_day=180_000),
    Operation.UPLOAD_STATUS: Caps(user=1_000, app_day=100_000),
    Operation.MEDIA_METADATA: Caps(user=500, app_day=50_000),
    Operation.TOKEN: Caps(),
}


# The same table for an app's own token; what it does not name is for accounts alone.
APP_ONLY = {
    Operation.USER: 300,
    Operation.USER_BY_NAME: 300,
    Operation.USERS: 300,
    Operation.USERS_BY_NAME: 300,
    Operation.FOLLOWERS: 300,
    Operation.TIMELINE: 10_000,
    Operation.LOOKUP: 3_500,
    Operation.LOOKUP_ONE: 450,
}


class Rule(NamedTuple):
    """One window of a request: who shares it, how long it is, and its headers' prefix."""

    cap: str
    seconds: int
    prefix: str


RULES = (
    Rule("user", QUARTER, "x-rate-limit"),
    Rule("app", QUARTER, "x-app-rate-limit"),
    Rule("user_day", DAY, "x-user-limit-24hour"),
    Rule("app_day", DAY, "x-app-limit-24hour"),
)


OWN_TOKEN = Rule("app_own", QUARTER, "x-rate-limit")


@dataclass(slots=True)
class Window:
    """Requests counted since the first one; `resets_at` is in whole seconds since 1970."""

    resets_at: int
    used: int = 0


class Limits:
    """Counts requests against the caps; callers hold the sandbox's lock."""

    def __init__(self) -> None:
        self.caps = dict(DECLARED)
        self.windows: dict[tuple[int, Operation, str], Window] = {}

    def spend(self, account: int, operation: Operation, *, now: datetime) -> dict[str, str]:
        """Count one request and return the headers that say so; raise a 429 when spent."""
        caps = asdict(self.caps[operation])
        rules = [rule for rule in RULES if caps[rule.cap] is not None]
        windows = [self._window(account, operation, rule=rule, now=now) for rule in rules]
        spent = any(w.used >= caps[r.cap] for r, w in zip(rules, windows, strict=True))
        for window in windows:
            window.used += not spent
        headers: dict[str, str] = {}
        for rule, window in zip(rules, windows, strict=True):
            headers |= _headers(rule.prefix, caps[rule.cap], window)
        if spent:
            problem = too_many()
            problem.headers = headers
            raise problem
        return headers

    def spend_app(self, operation: Operation, *, now: datetime) -> dict[str, str]:
        """Count one request by the app's own token; raise a 429 when its window is spent."""
        cap = APP_ONLY[operation]
        window = self._window(APP, operation, rule=OWN_TOKEN, now=now)
        spent = window.used >= cap
        window.used += not spent
        headers = _headers(OWN_TOKEN.prefix, cap, window)
        if spent:
            problem = too_many()
            problem.headers = headers
            raise problem
        return headers

    def change(self, operations: list[Operation], caps: dict[str, int | None]) -> None:
        """Set some caps of some operations; `None` lifts a cap."""
        for operation in operations:
            self.caps[operation] = replace(self.caps[operation], **caps)

    def _window(self, account: int, operation: Operation, *, rule: Rule, now: datetime) -> Window:
        holder = APP if rule.cap.startswith("app") else account
        key = (holder, operation, rule.cap)
        second = int(now.timestamp())
        window = self.windows.get(key)
        # A clock set back by more than a window would otherwise keep it spent for ages.
        if window is None or not window.resets_at - rule.seconds <= second < window.resets_at:
            window = self.windows[key] = Window(second + rule.seconds)
        return window


def _headers(prefix: str, cap: int, window: Window) -> dict[str, str]:
    return {
        f"{prefix}-limit": str(cap),
        f"{prefix}-remaining": str(max(0, cap - window.used)),
        f"{prefix}-reset": str(window.resets_at),
    }


def too_many() -> Refusal:
    """Return the 429 of X, without a word on when to come back."""
    return refusal(429, "Too Many Requests")
