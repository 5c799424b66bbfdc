"""What every kind of delivery answers, so that nobody else asks which kind it is."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar, TypeVar

from channels import Accepts, Channel, NotSent, Operation, Outgoing, Person, Sent
from webapp.deliveries.kinds.words import Words
from webapp.services.channel.declared import Writing
from webapp.services.client import Client, Turn

Somebody = TypeVar("Somebody")
Account = TypeVar("Account")


class NoRecipient(Exception):
    """A message for one person has nobody to go to: the person was erased."""


class DeliveryKind(Words):
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
    # Its text has fields, which are filled with the data of whoever gets it.
    has_fields: bool
    # It goes out over a time, at a rate and perhaps in waves.
    in_waves: bool
    # The inbox is read while it goes out, so that a STOP is heard.
    listens: bool
    # What went out can be deleted again.
    retractable: bool
    # Networks count views and answers of what went out, where everybody sees it.
    counted: bool
    # Whoever follows a link of it is the one whom the message was for.
    clicks_named: bool
    # Several texts of it can be tried on people by chance; else they are compared, and no more.
    tried: bool
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
    def in_steps(self) -> bool:
        """Whether the composer opens one step at a time, rather than all of it."""
        return len(self.steps) > 1

    @abstractmethod
    def meant(self, reader: Somebody | None) -> Somebody | None:
        """Return the one person it is for; nobody where it is for everybody."""

    @abstractmethod
    def is_orphaned(self, reader: object) -> bool:
        """Tell whether the person it was for is gone."""

    @abstractmethod
    def share(self, number: int) -> int:
        """Return how many of so many messages one account sends."""

    @abstractmethod
    def voices(self, accounts: Sequence[Account]) -> Sequence[Account]:
        """Return the accounts as which it is seen to speak: readers see nothing of the others."""

    @abstractmethod
    def proof_from(self, senders: Sequence[Account], target: Account | None) -> Account | None:
        """Return the account that sends a proof for the account `target`; none if none is there."""

    @abstractmethod
    def proof_fault(self, *, has_sender: bool, is_test: bool) -> tuple[str, str]:
        """Say by the name of a field why no proof can go out; empty where one can."""

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
