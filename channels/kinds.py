"""Kinds of message to one person that a network has beside the direct message, such as a letter."""

from dataclasses import dataclass, field

from channels.outgoing import Accepts, Feature
from channels.validation import SLUG, Value, violation


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageKind(Value):
    """A kind of message to one person, which the channel's `directs` send as well.

    `name` is a stable slug, which rows hold and `Outgoing.kind` names. `label` and `labels` are one
    and several of it inside a sentence, such as *letter* and *letters*. `icon` is a symbol of the
    icon sprite. `accepts` says what it may have besides a text: with a subject, it must have one.
    `starter` is the text of its built-in template.
    """

    name: str
    label: str
    labels: str
    icon: str = "mail"
    accepts: Accepts = field(default_factory=Accepts)
    starter: str = "{opt_out_line}"

    def __post_init__(self) -> None:
        """Raise `ContractViolation` for a name that is no slug, and other faults."""
        Value.__post_init__(self)
        if not SLUG.fullmatch(self.name):
            raise violation("MessageKind.name", self.name, "a slug such as letter")

    @property
    def has_subject(self) -> bool:
        """Whether it has a subject."""
        return Feature.SUBJECT in self.accepts.features
