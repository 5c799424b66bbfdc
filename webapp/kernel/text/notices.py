"""What is kept of a sentence: its code and its values. Each reader gets it in their own language.

A worker that holds a delivery does not know who will read why. It makes a `Notice`, which is a text
like any other until it is stored: then its code and its values are kept, and whoever loads the row
reads it in their language, with times by their clocks. The sentences stand in `sentences.py` of
each domain, by their codes. A text without a code cannot be stored in such a column.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Self

from sqlalchemy import Dialect, Text, TypeDecorator

from channels.sentences import Sentence
from webapp.kernel.i18n import Plural, lazy_gettext
from webapp.kernel.text.cleaning import clean
from webapp.kernel.text.formats import date_zone, money, number, price

# A foreign text is kept as far as a page can show it.
LONGEST = 2000
SENTENCES: dict[str, Any] = {
    "": "",
    # What a network or a plugin said, and what was kept before sentences had codes.
    "said": "%(text)s",
    "legacy": "%(text)s",
    "together": "",
    # To a part of a cent, where two amounts would read alike.
    "price": lambda values: price(values["paid"].amount, values["paid"].kind),
    "bug": lazy_gettext("Something went wrong inside Fanfare; see the log."),
    "did_you_mean": lazy_gettext("Did you mean %(name)s?"),
    "known_names": lazy_gettext("Known: %(names)s."),
    "no_channel": lazy_gettext(
        "No plugin brings the channel %(kind)s; install it or enable it again."
    ),
    "unchecked": lazy_gettext("The plugin %(name)s could not check this delivery."),
    "unreadable_secret": lazy_gettext(
        "A stored secret cannot be read with the keys in FANFARE_ENCRYPTION_KEYS; "
        "add the key it was written with, or enter the secret again."
    ),
}


@dataclass(frozen=True, slots=True)
class Paid:
    """An amount of money in the currency of a channel; of all channels where none is named."""

    amount: Decimal
    kind: str


def declare(sentences: Mapping[str, Any]) -> None:
    """Add the sentences of a domain by their codes: made with `later()`, or a function of values.

    Raise `ValueError` for a code that means something else already.
    """
    taken = {code for code in sentences if SENTENCES.get(code, sentences[code]) != sentences[code]}
    if taken:
        raise ValueError(f"These codes are declared twice: {', '.join(sorted(taken))}.")
    SENTENCES.update(sentences)


class Notice(str):
    """A sentence in the reader's language that is kept as its code and its values.

    A value is a number, a name, a time, an amount of money, or another notice.
    """

    __slots__ = ("code", "values")
    code: str
    values: Mapping[str, Any]

    def __new__(cls, code: str = "", /, **values: Any) -> Self:
        """Say the sentence of `code`; raise `KeyError` where nobody declared it."""
        made = super().__new__(cls, _say(code, values))
        made.code, made.values = code, values
        return made

    def __str__(self) -> str:
        """Return the notice itself: a copy would forget its code."""
        return self

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Any]]:
        """Let copies be made from the code."""
        return (self.code,), dict(self.values)


def _say(code: str, values: Mapping[str, Any]) -> str:
    if code == "together":
        return " ".join(values["items"])
    # The form of a plural goes by the number itself.
    said = {name: value if name == "num" else _said(value) for name, value in values.items()}
    sentence = SENTENCES[code]
    if isinstance(sentence, Plural):
        return sentence(said)
    if callable(sentence):
        return str(sentence(values))
    return str(sentence) % said if said else str(sentence)


def _said(value: Any) -> Any:
    """Return a value as it stands in a sentence."""
    if isinstance(value, Paid):
        return money(value.amount, *filter(None, [value.kind]))
    if isinstance(value, int):
        return number(value)
    if isinstance(value, datetime):
        return date_zone(value)
    return ", ".join(map(str, value)) if isinstance(value, list) else value


NOTHING = Notice()


def of(text: str) -> Notice:
    """Return a text as a notice: what is none already was said by a plugin or a network."""
    if isinstance(text, Notice):
        return text
    return Notice("said", text=_cut(text)) if text else NOTHING


def _cut(text: str) -> str:
    # A sentence that knows its source is kept whole.
    return text if isinstance(text, Sentence) else text[:LONGEST]


def together(*notices: str) -> Notice:
    """Return notices as one that says them one after the other."""
    found = [of(item) for item in notices if item]
    return found[0] if len(found) == 1 else Notice("together", items=found)


def plain(value: Any) -> Any:
    """Return a notice or a value of one as JSON."""
    if isinstance(value, Notice):
        return {"code": value.code, "values": plain(value.values)}
    if isinstance(value, Sentence):
        return {"source": value.source, "values": plain(value.values)}
    if isinstance(value, Paid):
        return {"money": str(value.amount), "of": value.kind}
    if isinstance(value, datetime):
        return {"time": value.isoformat()}
    if isinstance(value, Mapping):
        return {name: plain(item) for name, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value


def read(kept: Any) -> Any:
    """Return what `plain` made JSON of, in the language of whoever reads it."""
    if isinstance(kept, list):
        return [read(item) for item in kept]
    if not isinstance(kept, Mapping):
        return kept
    if "time" in kept:
        return datetime.fromisoformat(kept["time"])
    if "money" in kept:
        return Paid(Decimal(kept["money"]), kept["of"])
    values = {name: read(item) for name, item in kept.get("values", {}).items()}
    if "source" in kept:
        return Sentence(kept["source"], **values)
    # A code of a newer version, or of a plugin that is gone, stands for itself.
    known = kept["code"] in SENTENCES
    return Notice(kept["code"], **values) if known else Notice("legacy", text=kept["code"])


class NoticeText(TypeDecorator[Notice]):
    """A notice as JSON in a text; nothing is an empty text. A bare sentence is refused."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """Store code and values."""
        if not value:
            return None if value is None else ""
        if not isinstance(value, Notice):
            raise TypeError(f"A sentence without a code cannot be stored: {value!r}.")
        # Networks say what they like, also halves of characters.
        return clean(json.dumps(plain(value), ensure_ascii=False))

    def process_result_value(self, value: str | None, _dialect: Dialect) -> Notice | None:
        """Return the notice in the reader's language."""
        if value is None:
            return None
        found: Notice = read(json.loads(value)) if value else NOTHING
        return found
