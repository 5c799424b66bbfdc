"""What a call does, as its channel declares it: limits, prices and attempts are kept by it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from channels.sentences import _
from channels.validation import Value


class CountsAs(StrEnum):
    """What a call is for whoever plans: a post for everybody, a direct message, or a reading."""

    POST = "post"
    DIRECT = "direct"
    READ = "read"


@dataclass(frozen=True, slots=True)
class Operation(Value):
    """A kind of call; its `name` is a stable slug, its `label` what tables call it.

    The methods of the contract have the operations below. A channel may name them in its own
    words and declare more, such as what a limit in points counts; two of one name are the same.
    `counts_as` is `None` for what is neither sent nor read, such as a deletion.
    """

    name: str
    label: str = field(default="", compare=False)
    counts_as: CountsAs | None = field(default=None, compare=False)

    ACCOUNT: ClassVar["Operation"]
    AUDIENCE: ClassVar["Operation"]
    INBOX: ClassVar["Operation"]
    POST: ClassVar["Operation"]
    DELETE: ClassVar["Operation"]
    DIRECT: ClassVar["Operation"]
    FIND: ClassVar["Operation"]
    METRICS: ClassVar["Operation"]
    UPLOAD: ClassVar["Operation"]
    EDIT: ClassVar["Operation"]


Operation.ACCOUNT = Operation("account")
Operation.AUDIENCE = Operation("audience")
Operation.INBOX = Operation("inbox")
Operation.POST = Operation("post")
Operation.DELETE = Operation("delete")
Operation.DIRECT = Operation("direct")
Operation.FIND = Operation("find")
Operation.METRICS = Operation("metrics")
Operation.UPLOAD = Operation("upload")
Operation.EDIT = Operation("edit")


def standard() -> Sequence[Operation]:
    """Return the operations of the contract's own methods in words that fit every network."""
    return (
        Operation("direct", _("Direct messages"), CountsAs.DIRECT),
        Operation("post", _("Posts"), CountsAs.POST),
        Operation("audience", _("People read"), CountsAs.READ),
        Operation("inbox", _("Messages read"), CountsAs.READ),
        Operation("account", _("Account read"), CountsAs.READ),
        Operation("find", _("Outcomes looked up"), CountsAs.READ),
        Operation("metrics", _("Figures read"), CountsAs.READ),
        Operation("delete", _("Posts deleted")),
        Operation("upload", _("Pictures and films uploaded")),
        Operation("edit", _("Posts corrected")),
    )
