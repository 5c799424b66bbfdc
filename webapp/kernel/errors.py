"""The errors of use-cases; each message is a sentence for the operator."""


class FanfareError(Exception):
    """A use-case cannot do what was asked; the message says why and what to do."""

    def __init__(self, message: str) -> None:
        """Keep the sentence for pages and the command line."""
        super().__init__(message)
        self.message = message


class NotFound(FanfareError):
    """The thing named does not exist."""


class Conflict(FanfareError):
    """The thing is in a state that forbids this."""


class NotAllowed(FanfareError):
    """The actor may not do this."""


class Invalid(FanfareError):
    """A value is wrong; `fields` holds a sentence for each field at fault."""

    def __init__(self, message: str, fields: dict[str, str] | None = None) -> None:
        """Keep the sentence, and one for each field."""
        super().__init__(message)
        self.fields = fields or {}
