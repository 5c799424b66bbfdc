"""What domains above may add to the page of a profile, and to what may be done with one."""

from collections.abc import Collection, Iterable, Sequence

from webapp.audience.models import Visitor
from webapp.kernel.panels import Panel, Place
from webapp.profiles.models import Profile
from webapp.profiles.moments import Moment, Wanted

# Parts of the page below its visitors, and beside them; told with the visitors that it is.
PARTS: Place[[Profile, Sequence[Visitor]], Panel] = Place("profile/parts")
BESIDE: Place[[Profile, Sequence[Visitor]], Panel] = Place("profile/beside")
# What happened with the person, the newest first, no more than is wanted.
MOMENTS: Place[[Wanted], Iterable[Moment]] = Place("profile/moments")
# Which of some profiles nobody may remove, merge or part: somebody waits for all that is in them.
WAITED_FOR: Place[[Collection[int]], Collection[int]] = Place("profile/waited_for")
