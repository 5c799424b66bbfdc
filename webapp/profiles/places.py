"""What domains above may add to the page of a profile."""

from collections.abc import Sequence

from webapp.audience.models import Visitor
from webapp.kernel.panels import Panel, Place
from webapp.profiles.models import Profile

# Parts of the page below its visitors, and beside them; told with the visitors that it is.
PARTS: Place[[Profile, Sequence[Visitor]], Panel] = Place("profile/parts")
BESIDE: Place[[Profile, Sequence[Visitor]], Panel] = Place("profile/beside")
