"""X's answers that are no success, and what follows from each, as data; nothing else knows them.

Source: X's documentation of response codes and problem types, and answers seen from the live
API. The first row that fits an answer counts. No row is of a status of 500 or above: X says of
none of those that nothing was done.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from channels import ErrorKind
from channels.sentences import later


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One kind of answer: how it is known, and what it means, in a text that is translated late."""

    status: int
    kind: ErrorKind
    code: str
    sentence: Any
    says: tuple[str, ...] = ()
    problem: str = ""
    codes: tuple[int, ...] = ()

    def fits(self, status: int, body: "Body") -> bool:
        """Tell whether an answer is of this kind; a row without marks fits any of its status."""
        if status != self.status:
            return False
        if not (self.says or self.problem or self.codes):
            return True
        return (
            any(word in body.said for word in self.says)
            or bool(self.problem and body.problem == self.problem)
            or any(code in body.codes for code in self.codes)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What an error body says, whichever of X's shapes it has.

    `detail` is its reason for an operator, `said` all its texts in small letters, `parameters` are
    those of the request that it names.
    """

    detail: str = ""
    said: str = ""
    parameters: frozenset[str] = frozenset()
    problem: str = ""
    codes: tuple[int, ...] = ()


SENDER, PERMANENT = ErrorKind.SENDER, ErrorKind.PERMANENT
LIMITED, TEMPORARY = ErrorKind.LIMITED, ErrorKind.TEMPORARY

PERMISSION = later(
    "The token lacks a permission. Set “Read, write and direct messages” in the app’s settings "
    "on console.x.com, then make a new access token."
)

CLOCK = later(
    "This machine’s clock is off, so X refuses what it signs. Let it set its clock automatically, "
    "for instance with systemd-timesyncd."
)
LOCKED = later("X locked or suspended this account. Log in to X with it and follow the notice.")

ROWS: Sequence[Row] = (
    Row(status=401, kind=SENDER, code="locked", codes=(64, 326), sentence=LOCKED),
    Row(
        status=403,
        kind=SENDER,
        code="locked",
        says=("your account is suspended", "your account is temporarily locked"),
        codes=(64, 326),
        sentence=LOCKED,
    ),
    Row(status=401, kind=SENDER, code="clock", codes=(135,), sentence=CLOCK),
    Row(
        status=401,
        kind=SENDER,
        code="bad_token",
        sentence=later(
            "X does not accept the keys or the token. Make new ones and enter all four."
        ),
    ),
    Row(
        status=402,
        kind=SENDER,
        code="no_credits",
        sentence=later(
            "The X developer account has no credits left. Buy credits on console.x.com."
        ),
    ),
    Row(
        status=403,
        kind=SENDER,
        code="wrong_auth",
        problem="unsupported-authentication",
        sentence=later(
            "X wants another kind of key here. Use the four OAuth 1.0a keys of your app."
        ),
    ),
    Row(
        status=403,
        kind=SENDER,
        code="no_access",
        problem="client-forbidden",
        codes=(453,),
        sentence=later(
            "The app has no access to this part of X’s API. Attach it to a project first."
        ),
    ),
    Row(
        status=403,
        kind=PERMANENT,
        code="duplicate",
        says=("duplicate content",),
        codes=(187,),
        sentence=later("X refuses the same text twice from one account."),
    ),
    Row(
        status=403,
        kind=PERMANENT,
        code="not_summoned",
        says=("reply to this conversation",),
        sentence=later("X allows a reply only where the author mentioned this account."),
    ),
    Row(
        status=403,
        kind=PERMANENT,
        code="not_permitted",
        says=("permission to dm", "not following you", "cannot send messages to this user"),
        codes=(150, 349),
        sentence=later("This person does not accept messages from this account."),
    ),
    Row(
        status=403,
        kind=PERMANENT,
        code="not_permitted",
        codes=(389,),
        sentence=later("This account blocked the person, so no message can be sent."),
    ),
    Row(
        status=403,
        kind=PERMANENT,
        code="suspended",
        says=("suspended",),
        codes=(63,),
        sentence=later("X suspended this person’s account."),
    ),
    Row(
        status=403,
        kind=SENDER,
        code="sender_refused",
        says=("this operation is not permitted",),
        codes=(226,),
        sentence=later(
            "X stopped this account from sending. Wait some hours and look at the account."
        ),
    ),
    Row(
        status=403,
        kind=LIMITED,
        code="daily_limit",
        codes=(185,),
        sentence=later("The account reached X’s daily limit."),
    ),
    Row(
        status=403,
        kind=PERMANENT,
        code="too_long",
        says=("text is too long",),
        codes=(186,),
        sentence=later("The text is longer than X allows."),
    ),
    Row(status=403, kind=SENDER, code="no_permission", codes=(93, 261), sentence=PERMISSION),
    Row(status=403, kind=SENDER, code="no_permission", sentence=PERMISSION),
    Row(
        status=404,
        kind=PERMANENT,
        code="unknown_person",
        sentence=later("X does not know this account or post any more."),
    ),
    Row(
        status=429,
        kind=SENDER,
        code="usage_capped",
        problem="usage-capped",
        sentence=later("The X developer account reached its usage cap. Raise it on console.x.com."),
    ),
    Row(status=429, kind=LIMITED, code="limited", sentence=later("A limit of X is used up.")),
    Row(
        status=400,
        kind=TEMPORARY,
        code="media_gone",
        says=("media ids are invalid", "media_ids are invalid"),
        sentence=later("X does not know the uploaded picture any more."),
    ),
    Row(status=400, kind=PERMANENT, code="refused", sentence=later("X refuses this request.")),
)

SIGNED_OUT = Row(
    status=401,
    kind=SENDER,
    code="bad_token",
    sentence=later("X does not accept the sign-in of this account any more. Sign in on X again."),
)
SKEWED = next(row for row in ROWS if row.code == "clock")
REFUSED = next(row for row in ROWS if row.code == "refused")
