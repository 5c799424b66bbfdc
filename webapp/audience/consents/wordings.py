"""The words that people agreed to, kept once for all who agreed to the same."""

import hashlib
import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import exists, select, update

from webapp.audience.models import Consent, ConsentWording, Visitor
from webapp.kernel.db import insert_into
from webapp.kernel.db.changes import updated
from webapp.kernel.errors import Invalid
from webapp.kernel.i18n import _
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.lengths import LONGEST

# The code of a language, such as `fr` and `pt-BR` (BCP 47), and no more of it than fits.
LANGUAGE = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Words as they stood where somebody agreed, their version, and the code of their language."""

    text: str
    version: str = ""
    language: str = ""

    @property
    def hash(self) -> str:
        """A name of exactly these."""
        whole = json.dumps([self.text, self.version, self.language])
        return hashlib.sha256(whole.encode()).hexdigest()


def checked(wording: Wording) -> Wording | None:
    """Return words that can be kept, nothing where there are none; raise `Invalid` for others."""
    if wording.language and not re.match(LANGUAGE, wording.language):
        raise Invalid(_("Write the code of a language, such as fr."))
    if len(wording.version) > LONGEST:
        raise Invalid(_("This is too long: at most %(n)s characters.", n=LONGEST))
    return wording if wording.text else None


def number_of(runtime: Runtime, wording: Wording | None) -> int | None:
    """Return the row of words, made where it is not there; nothing where no words are known."""
    if wording is None or not wording.text:
        return None
    return numbers_of(runtime, [wording])[wording]


def numbers_of(runtime: Runtime, wordings: Iterable[Wording]) -> dict[Wording, int]:
    """Return the rows of several; words that an erasure emptied are written again."""
    found = {}
    # In one order, so that two who write the same never wait for each other.
    for wording in sorted(set(wordings), key=lambda one: one.hash):
        row = insert_into(runtime.session, ConsentWording.__table__).values(
            hash=wording.hash,
            text=wording.text,
            version=wording.version,
            language=wording.language,
        )
        kept = row.on_conflict_do_update(
            index_elements=["hash"],
            set_={"text": row.excluded.text, "version": row.excluded.version},
        )
        given = kept.returning(ConsentWording.__table__.c.id)
        found[wording] = int(runtime.session.execute(given).scalar_one())
    return found


def forget_own_of(runtime: Runtime, visitor: Visitor) -> None:
    """Empty the words that only this person agreed to, who may be named in them; see `Consent`."""
    mine = select(Consent.wording_id).where(Consent.visitor_id == visitor.id)
    others = exists().where(
        Consent.wording_id == ConsentWording.id,
        Consent.visitor_id.is_distinct_from(visitor.id),
    )
    empty = update(ConsentWording).where(ConsentWording.id.in_(mine), ~others)
    updated(runtime.session, empty.values(text="", version=""))


def by_number(runtime: Runtime, numbers: Collection[int]) -> dict[int, ConsentWording]:
    """Return wordings by their rows."""
    rows = select(ConsentWording).where(ConsentWording.id.in_(numbers))
    return {row.id: row for row in runtime.session.scalars(rows)}
