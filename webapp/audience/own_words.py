"""The words that an instance adds to the table of those that end messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from importlib.resources import files

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from channels import Wish
from channels.spelling import clauses
from channels.vocabulary import ENDING, Role, Unit, Vocabulary, built_in, own, words_of
from channels.wishes import Listener
from webapp.audience.models import OwnWord
from webapp.kernel.errors import Invalid, NotFound
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.cleaning import clean
from webapp.kernel.text.lengths import LONGEST as LONGEST_KEPT

LONGEST = 60
MOST = 500
# A word that counts in any sentence needs more letters than one that counts as a whole message.
FEWEST = {Wish.STOP: 2, Wish.DOUBT: 3}
# These read texts: whatever changes in them may change what a message was.
READERS = ("wishes.toml", "wishes.py", "vocabulary.py", "spelling.py")


@dataclass(frozen=True, slots=True)
class Ear:
    """Who hears the table and the instance's own words, pairs of meaning and words."""

    own: tuple[tuple[str, str], ...]

    @property
    def revision(self) -> str:
        """A name of exactly these words and of how they are read."""
        return sha256(repr((_readers(), self.own)).encode()).hexdigest()[:16]

    @property
    def listener(self) -> Listener:
        """Who knows all of them; made when it is first asked for, which takes a moment."""
        return _listener(self.own)


@requires(Permission.VIEW)
def every(runtime: Runtime) -> Sequence[OwnWord]:
    """Return the own words in the order of the alphabet."""
    return runtime.session.scalars(select(OwnWord).order_by(OwnWord.spelled)).all()


def ear(runtime: Runtime) -> Ear:
    """Return who hears all that this instance knows now."""
    rows = runtime.session.execute(select(OwnWord.meaning, OwnWord.words).order_by(OwnWord.spelled))
    return Ear(tuple((str(meaning), str(words)) for meaning, words in rows))


@lru_cache(maxsize=4)
def _listener(rows: tuple[tuple[str, str], ...]) -> Listener:
    told = {wish: [words for meaning, words in rows if meaning == wish.value] for wish in FEWEST}
    return Listener(own(stop=told[Wish.STOP], doubt=told[Wish.DOUBT]))


@cache
def _readers() -> str:
    """Return a digest of what reads texts without own words."""
    home = files("channels")
    return sha256(b"".join(home.joinpath(name).read_bytes() for name in READERS)).hexdigest()


@requires(Permission.ADMIN)
def add(runtime: Runtime, words: str, meaning: Wish) -> OwnWord:
    """Add a word or phrase that is a STOP, or looks like a refusal.

    Raise `Invalid`, with the sentence for the field `words`, for what would be heard in nothing
    or in nearly everything, and for what is known.
    """
    said = " ".join(clean(words).split())
    fault = _shape_fault(said, meaning) or _known_fault(runtime, said, meaning)
    if fault:
        raise Invalid(fault, fields={"words": fault})
    row = OwnWord(
        words=said,
        spelled=_spelled(said),
        meaning=meaning.value,
        added_by=runtime.actor.name,
        added_at=runtime.now(),
    )
    runtime.session.add(row)
    try:
        runtime.session.flush()
    except IntegrityError as cause:
        runtime.session.rollback()
        fault = _already(said)
        raise Invalid(fault, fields={"words": fault}) from cause
    runtime.record("own_word.add", row, meaning=meaning.value)
    runtime.session.commit()
    return row


@requires(Permission.ADMIN)
def remove(runtime: Runtime, word_id: int) -> OwnWord:
    """Take an own word away; who was heard by it stays as they are."""
    row = runtime.session.get(OwnWord, word_id)
    if row is None:
        raise NotFound(_("There is no such word."))
    runtime.record("own_word.remove", row, meaning=row.meaning)
    runtime.session.delete(row)
    runtime.session.commit()
    return row


def find(runtime: Runtime, words: str) -> OwnWord:
    """Return the own word that is spelled like this; raise `NotFound`."""
    row = runtime.session.scalar(select(OwnWord).where(OwnWord.spelled == _spelled(words)))
    if row is None:
        raise NotFound(_("“%(words)s” is none of the words you added.", words=words))
    return row


def _spelled(said: str) -> str:
    return " ".join(words_of(said))


def _already(said: str) -> str:
    return _("“%(words)s” is among your own words already.", words=said)


def _shape_fault(said: str, meaning: Wish) -> str:
    """Return what is wrong with the words themselves; nothing if all is well."""
    found = clauses(said) if len(said) <= LONGEST else []
    if not said:
        return _("Write a word or a phrase.")
    if len(said) > LONGEST or len(_spelled(said)) > LONGEST_KEPT:
        return _("This is too long: at most %(n)s characters.", n=LONGEST)
    if not found or all(word.text.isdecimal() for clause in found for word in clause.words):
        return _("There is no word in this.")
    if len(found) > 1:
        return _("Leave out the marks inside of it; a phrase is looked for between two marks.")
    if _is_short(found[0].words[0].text, len(found[0].words), meaning):
        return _("This is too short: it would be heard in messages about something else.")
    if _is_common(said):
        return _("This is too common: nearly everybody would be taken to want no messages.")
    return ""


def _is_short(first: str, number: int, meaning: Wish) -> bool:
    """Tell whether one word is too short; a sign of Chinese is a word and may be the message."""
    if number > 1:
        return False
    if meaning is Wish.STOP and not first.isascii():
        return False
    return len(first) < FEWEST[meaning]


def _is_common(said: str) -> bool:
    """Tell whether the table knows all of it as words that people write for other reasons."""
    return all(unit.roles and not unit.has(*ENDING, Role.DOUBT) for unit in _units(said))


def _units(said: str) -> list[Unit]:
    return _table().units(clauses(said)[0].words)


@cache
def _table() -> Vocabulary:
    return Vocabulary(*built_in())


def _known_fault(runtime: Runtime, said: str, meaning: Wish) -> str:
    """Return why it need not be added; nothing if it is new."""
    mine = every(runtime)
    if any(row.spelled == _spelled(said) for row in mine):
        return _already(said)
    if len(mine) >= MOST:
        return _("There are %(n)s own words already, which is the most.", n=MOST)
    enough = {*ENDING} if meaning is Wish.STOP else {*ENDING, Role.DOUBT}
    units = _units(said)
    if len(units) == 1 and units[0].has(*enough):
        return _("Fanfare knows “%(words)s” already.", words=said)
    return ""
