"""The figures of a post as a network counts them just now."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from channels.validation import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class PostFigures(Value):
    """What a network counts of one post, by name; what is absent is unknown, and never 0."""

    remote_id: str
    figures: Mapping[str, int] = field(default_factory=dict)
