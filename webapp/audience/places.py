"""What domains above may add to the card of a person."""

from collections.abc import Sequence

from webapp.audience.models import Visitor
from webapp.audience.timeline import Event
from webapp.kernel.panels import Place

TIMELINE: Place[[Visitor], Sequence[Event]] = Place("person/timeline")
# Why an account writes to somebody no more, in words, by the code that is kept.
QUARANTINE_REASON: Place[[str], str] = Place("person/quarantine_reason")
