"""The words of a kind of delivery, for whoever shows one."""

from abc import ABC, abstractmethod


class Words(ABC):
    """What pages, mails and commands call it, and what they say of it."""

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

    @property
    @abstractmethod
    def reach(self) -> str:
        """Head the figures of whom it reaches."""

    @abstractmethod
    def reached(self, count: int) -> str:
        """Say behind a number who gets it."""

    @abstractmethod
    def failed(self, count: int) -> str:
        """Say how many messages of it failed."""

    @abstractmethod
    def left(self, count: int) -> str:
        """Say how many it did not reach."""

    @abstractmethod
    def to_the_rest(self, count: int) -> str:
        """Name the button that sends it to those it did not reach."""

    @property
    @abstractmethod
    def end_word(self) -> str:
        """Head the moment when it is out."""

    @property
    @abstractmethod
    def open_end(self) -> str:
        """Say what has to be known before anybody can tell when it is out."""

    @property
    @abstractmethod
    def send_word(self) -> str:
        """Head the panel that sends it."""

    @abstractmethod
    def send_button(self, count: int, names: str, at: str) -> str:
        """Say what the button does: now, or `at` a moment where that is not empty."""

    @property
    @abstractmethod
    def way_back(self) -> str:
        """Say until when it can be stopped."""
