"""What a page says and asks, as operators write it and as people read it.

It is kept as one document: what people read must never change below them, so a version is a copy.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from webapp.audience.models import ConsentScope
from webapp.profiles.reconciliation.reconcile import Mode

# The words of a page in one language, beside those about what is asked.
PLAIN = ("title", "text", "alt", "thanks")
# What people may be asked to agree to, beside sharing something of themselves.
SCOPES = (ConsentScope.MESSAGES, ConsentScope.EMAIL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A page in one language: `purposes` by the name of a field, `agreements` by the scope."""

    title: str = ""
    text: str = ""
    alt: str = ""
    thanks: str = ""
    purposes: Mapping[str, str] = field(default_factory=dict)
    agreements: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A page: the first language is read by whoever reads none of the others.

    `fields` are those of a profile that are asked, `name` for the whole name; `scopes` what people
    may agree to besides. `picture` is the hash of its bytes. `mode` says how it is found out whose
    data these are.
    """

    languages: tuple[str, ...]
    words: Mapping[str, Words] = field(default_factory=dict)
    fields: tuple[str, ...] = ()
    scopes: tuple[ConsentScope, ...] = ()
    privacy_url: str = ""
    thanks_url: str = ""
    picture: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    mode: Mode = Mode.AUTOMATIC

    def in_language(self, language: str) -> Words:
        """Return the words of a language; of one that it is not in, none."""
        return self.words.get(language) or Words()

    def with_words(self, language: str, words: Words) -> "Content":
        """Return the same with other words in a language."""
        return replace(self, words={**self.words, language: words})

    def kept(self) -> dict[str, Any]:
        """Return it as it is stored."""
        return {
            "languages": list(self.languages),
            "words": {code: _kept_words(self.in_language(code)) for code in self.languages},
            "fields": list(self.fields),
            "scopes": [scope.value for scope in self.scopes],
            "privacy_url": self.privacy_url,
            "thanks_url": self.thanks_url,
            "picture": self.picture,
            "starts_at": self.starts_at.isoformat() if self.starts_at else None,
            "ends_at": self.ends_at.isoformat() if self.ends_at else None,
            "mode": self.mode.value,
        }


def _kept_words(words: Words) -> dict[str, Any]:
    plain = {name: getattr(words, name) for name in PLAIN}
    return plain | {"purposes": dict(words.purposes), "agreements": dict(words.agreements)}


def read(kept: Mapping[str, Any]) -> Content:
    """Return a content as it was stored."""
    return Content(
        languages=tuple(kept["languages"]),
        words={code: Words(**words) for code, words in kept["words"].items()},
        fields=tuple(kept["fields"]),
        scopes=tuple(ConsentScope(scope) for scope in kept["scopes"]),
        privacy_url=kept["privacy_url"],
        thanks_url=kept["thanks_url"],
        picture=kept["picture"],
        starts_at=_moment(kept["starts_at"]),
        ends_at=_moment(kept["ends_at"]),
        mode=Mode(kept["mode"]),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def seal_of(kept: Mapping[str, Any]) -> str:
    """Return the hash by which a version is known: SHA-256 of its document, its keys sorted."""
    whole = json.dumps(kept, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(whole.encode()).hexdigest()


def lacking(content: Content, language: str) -> Sequence[str]:
    """Return which words a language still lacks, by the names they have in the editor."""
    words = content.in_language(language)
    lacks = [name for name in ("title", "text") if not getattr(words, name)]
    lacks += ["alt"] if content.picture and not words.alt else []
    lacks += [f"purpose-{name}" for name in content.fields if not words.purposes.get(name)]
    agreed = words.agreements
    return lacks + [f"agreement-{scope}" for scope in content.scopes if not agreed.get(scope)]
