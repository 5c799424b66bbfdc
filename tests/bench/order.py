"""What a child process is told to do, as one JSON argument."""

import json
from dataclasses import asdict, dataclass

# An account nobody wrote to, so that a sync is about followers alone.
ACCOUNT = "atelier_shop"
TEXT = "Spring is here, and so is the new shelf."


@dataclass(frozen=True, kw_only=True)
class Order:
    """One task of one of the two, on its own database."""

    who: str
    task: str
    database: str
    sandbox: str
    clock: str
    folder: str
    account: str
    keys: dict[str, str]
    count: int = 0

    def to_text(self) -> str:
        """Return the order as an argument."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> "Order":
        """Read an argument."""
        return cls(**json.loads(text))
