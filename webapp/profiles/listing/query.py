"""What a list of profiles asks for, as conditions on one profile."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select

from webapp.audience.filters.fields import begins
from webapp.audience.names import wanted_words
from webapp.kernel.folding import fold
from webapp.profiles import addresses
from webapp.profiles.models import Origin, Profile, ProfileLink, ProfileTag, ProfileWord

SIZES = (20, 50, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What to show: every part stands in the address of the page.

    `after` and `before` are ids of the profile that the page begins behind or ends before.
    """

    words: str = ""
    tag_id: int | None = None
    language: str = ""
    origin: Origin | None = None
    linked: bool | None = None
    sort: str = "name"
    descending: bool = False
    after: int | None = None
    before: int | None = None
    size: int = SIZES[0]

    @property
    def narrowed(self) -> bool:
        """Whether it asks for some profiles and not for all."""
        asked = (self.words, self.tag_id, self.language, self.origin)
        return any(asked) or self.linked is not None

    def gathered(self) -> list[ColumnElement[bool]]:
        """Return the conditions for whoever gathers matches: each leads by an index of its own."""
        among = [Profile.id.in_(rows) for rows, _one in self._others()]
        return [*self._plain(), *among]

    def of_each(self) -> list[ColumnElement[bool]]:
        """Return the same for whoever reads profiles in order and asks one after the other."""
        return [*self._plain(), *(one for _rows, one in self._others())]

    def _plain(self) -> Iterable[ColumnElement[bool]]:
        if self.language:
            yield Profile.language == self.language
        if self.origin:
            yield Profile.origin == self.origin
        if self.linked is False:
            yield ~exists().where(ProfileLink.profile_id == Profile.id)
        words = self.words.strip()
        if addresses.is_meant(words):
            yield begins(Profile.email_key, addresses.key_of(words))
        elif words and not wanted_words(words):
            # Signs that are no word are looked for where a name begins.
            keys = (Profile.sort_key, Profile.name_key)
            yield or_(*(begins(key, fold(words)) for key in keys))

    def _others(self) -> Iterable[tuple[Any, ColumnElement[bool]]]:
        """Yield the conditions on other tables: the profiles that pass, and the test of one."""
        tests: list[tuple[Any, list[ColumnElement[bool]]]] = []
        if not addresses.is_meant(self.words):
            column = ProfileWord.profile_id
            tests += [(column, [begins(ProfileWord.word, w)]) for w in wanted_words(self.words)]
        if self.tag_id is not None:
            tests.append((ProfileTag.profile_id, [ProfileTag.tag_id == self.tag_id]))
        if self.linked:
            tests.append((ProfileLink.profile_id, []))
        for column, found in tests:
            yield select(column).where(*found), exists().where(column == Profile.id, *found)
