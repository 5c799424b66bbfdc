"""Who is told that somebody agreed to messages: whoever has something for them from then on.

They are told in the transaction of the answer, so that neither is ever there without the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from webapp.kernel.panels import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """A person who may be written to by an account from now on, and might not be before.

    `at` is when they said so, which may be heard later. `imported` tells that the answer came with
    a file, so that it may be an old one.
    """

    service_id: int
    visitor_id: int
    subscription_id: int
    at: datetime
    imported: bool


AGREED: Place[[Sequence[Agreed]], None] = Place("consent/agreed")
