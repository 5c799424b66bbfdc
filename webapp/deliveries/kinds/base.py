"""What every kind of delivery answers, so that nobody else asks which kind it is."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from channels import Accepts, Channel, NotSent, Operation, Outgoing, Person, Sent
from webapp.services.channel.declared import Writing
from webapp.services.client import Client, Turn


class NoRecipient(Exception):
    """A message for one person has nobody to go to: the person was erased."""


class DeliveryKind(ABC):
    """A kind of delivery: its target, what a network is asked, its steps and its words.

    `name` stands in rows and addresses. `to_people` says that each message goes to one person and
    all of them from one account; else one goes out from each account, for everybody to see.
    """

    POST: ClassVar["DeliveryKind"]
    DIRECT: ClassVar["DeliveryKind"]

    name: str
    # The kind of the core it is one of, for whoever keeps or counts kinds: itself, if it is one.
    family: "DeliveryKind"
    icon: str
    operation: Operation
    # The part of a channel that measures, checks and sends it.
    part: Writing
    to_people: bool
    # The inbox is read while it goes out, so that a STOP is heard.
    listens: bool
    # What went out can be deleted again.
    retractable: bool
    # Networks count views and answers of what went out, where everybody sees it.
    counted: bool
    # Each of it has a subject.
    has_subject: bool = False
    # The steps of the composer, in their order.
    steps: Sequence[str]
    # Name and text of the template that is built in.
    starter: tuple[str, str]

    def __composite_values__(self) -> tuple["DeliveryKind", str]:
        """Return what a row holds of it: its family, and its name where that is another."""
        return self.family, "" if self is self.family else self.name

    def __eq__(self, other: object) -> bool:
        """Tell whether something is the same kind."""
        return isinstance(other, DeliveryKind) and other.name == self.name

    def __hash__(self) -> int:
        """Let a kind be a key."""
        return hash(self.name)

    def __repr__(self) -> str:
        """Return its name."""
        return self.name

    @property
    @abstractmethod
    def label(self) -> str:
        """One of it, such as *post*, as it heads a line."""

    @property
    @abstractmethod
    def labels(self) -> str:
        """Several of it, as they head a line."""

    @property
    @abstractmethod
    def word(self) -> str:
        """One of it, inside a line."""

    @property
    @abstractmethod
    def about(self) -> str:
        """Who gets it, for whoever chooses a kind."""

    @property
    @abstractmethod
    def heading(self) -> str:
        """The title of the page where one begins."""

    @property
    @abstractmethod
    def recipient_word(self) -> str:
        """What each line of its log is about: a recipient, or an account."""

    @property
    @abstractmethod
    def open_words(self) -> str:
        """The words of the link to what went out."""

    @abstractmethod
    def on(self, channel: str) -> str:
        """Name it with the label of its channel."""

    @abstractmethod
    def for_channel(self, channel: str) -> str:
        """Say of a template which kind it is, and for which channel."""

    @abstractmethod
    def dated(self, day: str) -> str:
        """Propose a label for one that begins on a day."""

    @abstractmethod
    def origin(self, names: str) -> str:
        """Say which accounts it goes out from, if any are chosen."""

    @abstractmethod
    def number(self, count: int | None) -> str:
        """Say how many messages of it there are; without a number nobody knows yet."""

    @abstractmethod
    def accepts(self, channel: Channel) -> Accepts:
        """Return what a channel takes with it."""

    @abstractmethod
    def send(
        self, client: Client, person: Person | None, outgoing: Outgoing, turn: Turn
    ) -> Sent | NotSent:
        """Ask the network once to send it; raise `NoRecipient` before."""

    @abstractmethod
    def first_step(self, *, from_account: bool) -> str:
        """Return the step of the composer that opens first; `from_account`: one is chosen."""
