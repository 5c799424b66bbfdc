"""What the sandbox accepted, in order; tests hold it against the product's own ledger."""

import json
from collections import Counter
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any


class Kind(StrEnum):
    """What was accepted."""

    POST = "post"
    DELETE = "delete"
    DIRECT = "direct"
    UPLOAD = "upload"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One acceptance; `text` is what the client sent, before X shortened its links."""

    kind: Kind
    account: str
    remote_id: str
    at: str
    text: str = ""
    recipient_id: str = ""
    recipient: str = ""

    def answers(self, wanted: dict[str, str]) -> bool:
        """Tell whether each wanted value is this entry's; `text` may be a part of it."""
        values = asdict(self)
        part = wanted.get("text", "")
        exact = {name: value for name, value in wanted.items() if name != "text"}
        return part in self.text and all(values[name] == value for name, value in exact.items())


class Record:
    """Keeps every acceptance, and writes it to a file when one is named.

    Callers hold the sandbox's lock.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self.entries: list[Entry] = []

    def add(self, entry: Entry) -> None:
        """Keep `entry` for good."""
        self.entries.append(entry)
        if self.path is not None:
            with self.path.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(asdict(entry), ensure_ascii=False) + "\n")

    def find(self, wanted: dict[str, str]) -> list[dict[str, Any]]:
        """Return the entries with the wanted values, oldest first."""
        return [asdict(entry) for entry in self.entries if entry.answers(wanted)]

    def count(self, kind: Kind) -> int:
        """Count the acceptances of a kind."""
        return sum(entry.kind == kind for entry in self.entries)

    def by_account(self, kind: Kind) -> dict[str, int]:
        """Count the acceptances of a kind by the account that asked for them."""
        return dict(Counter(entry.account for entry in self.entries if entry.kind == kind))
