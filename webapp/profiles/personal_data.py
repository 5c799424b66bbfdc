"""What profiles know of a visitor: told in a copy for them, and erased at their wish.

The profile of somebody who is one visitor alone is theirs, and goes with them. One that several
visitors are stays, less this one: it is erased as a whole, with all of them, from its own page.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, delete, func, select

from webapp.audience import erased
from webapp.audience.models import Visitor
from webapp.audience.personal_data import count, empty
from webapp.audience.places import Fate, Holding, additions_of
from webapp.kernel.audit import AuditEntry
from webapp.kernel.db.rows import plain
from webapp.kernel.folding import fold
from webapp.kernel.i18n import ngettext
from webapp.kernel.runtime import Runtime
from webapp.profiles import addresses, contacts, fields, tags, values
from webapp.profiles.merging import merge
from webapp.profiles.models import (
    NotSame,
    Profile,
    ProfileImport,
    ProfileImportPiece,
    ProfileLink,
    WaitingContact,
)

Row = Mapping[str, Any]
PROFILE = "profile"


def profile_of(runtime: Runtime, visitor: Visitor) -> Profile | None:
    """Return the profile that a visitor belongs to."""
    link = runtime.session.get(ProfileLink, visitor.id)
    return link.profile if link else None


def own_profile(runtime: Runtime, visitor: Visitor) -> Profile | None:
    """Return the profile that is this visitor and no other."""
    profile = profile_of(runtime, visitor)
    if profile is None:
        return None
    linked = select(func.count()).where(ProfileLink.profile_id == profile.id)
    return profile if runtime.session.scalar(linked) == 1 else None


def told(runtime: Runtime, profile: Profile) -> Row:
    """Return all that a profile says, as values that JSON knows."""
    labels = {label.name: label.words for label in fields.every(runtime)}
    said = {labels.get(name, name): value for name, value in values.of(profile).items()}
    return {
        **said,
        "tags": [tag.name for tag in tags.of(runtime, [profile.id])[profile.id]],
        "sources": profile.sources,
        **plain(profile, "origin", "origin_about", "created_at", "changed_at"),
    }


def forget(runtime: Runtime, profile: Profile) -> None:
    """Erase a profile so that no file brings it back by its address; the caller commits."""
    if profile.email_key:
        erased.remember(runtime, values.EMAIL, profile.email_key)
    _leave_out_of_files(runtime, profile)
    empty(runtime, _audited(runtime, {profile.id}))
    contacts.discard(runtime, profile.id)


def _leave_out_of_files(runtime: Runtime, profile: Profile) -> None:
    """Take the rows about somebody out of files that nobody took in yet."""
    for piece in runtime.session.scalars(select(ProfileImportPiece)):
        left = [row for row in piece.rows if not _is_about(profile, row[1])]
        gone = len(piece.rows) - len(left)
        if gone:
            piece.rows = left
            brought = runtime.session.get_one(ProfileImport, piece.import_id)
            brought.total -= gone
    runtime.session.flush()


def _is_about(profile: Profile, cells: Sequence[str]) -> bool:
    said = [fold(cell) for cell in cells]
    if profile.email_key and fold(profile.email_key) in said:
        return True
    # The words of a name stand in one cell or in several, in any order.
    words = set(" ".join(said).replace(",", " ").split())
    return bool(profile.name_key) and set(profile.name_key.split()) <= words


def _audited(runtime: Runtime, ids: Collection[int]) -> ColumnElement[bool]:
    """Return the condition of what the audit says of profiles, and of those that went into them.

    One that a merge gave back when it was undone is somebody else.
    """
    subject, number = AuditEntry.subject == Profile.__tablename__, AuditEntry.subject_id
    known, new = set(ids), set(ids)
    while new:
        merges = subject, AuditEntry.action == "profile.merge", number.in_(new)
        rows = runtime.session.scalars(select(AuditEntry.detail).where(*merges))
        new = _gone(runtime, {int(row["other"]) for row in rows if "other" in row}) - known
        known |= new
    return and_(subject, number.in_(known))


def _gone(runtime: Runtime, ids: Collection[int]) -> set[int]:
    """Return which of these profiles are stored no more."""
    return set(ids) - set(runtime.session.scalars(select(Profile.id).where(Profile.id.in_(ids))))


def _removed(runtime: Runtime, visitor: Visitor) -> set[int]:
    """Return the profiles that a visitor was, and that an operator removed: the audit names them.

    As text, since the two databases compare the parts of a document in their own ways.
    """
    whose = cast(AuditEntry.detail["visitor"].as_string(), String)
    linked = AuditEntry.action == "profile.link", whose == str(visitor.id)
    rows = select(AuditEntry.subject_id).where(AuditEntry.subject == Profile.__tablename__, *linked)
    return _gone(runtime, {number for number in runtime.session.scalars(rows) if number})


def _profiles(runtime: Runtime, visitor: Visitor) -> Iterator[Row]:
    profile = profile_of(runtime, visitor)
    if profile is not None:
        link = runtime.session.get_one(ProfileLink, visitor.id)
        yield {**told(runtime, profile), **plain(link, "how", "note", "linked_at")}


def _erase_profile(runtime: Runtime, visitor: Visitor) -> None:
    profile = own_profile(runtime, visitor)
    others = profile_of(runtime, visitor)
    if profile is not None:
        forget(runtime, profile)
    elif others is not None:
        merge.forget(runtime, others.id, visitor.id)
    empty(runtime, _audited(runtime, _removed(runtime, visitor)))
    for model in (ProfileLink, NotSame):
        gone = delete(model).where(model.visitor_id == visitor.id)
        runtime.session.execute(gone)
    runtime.session.expire_all()


def _shared(runtime: Runtime, visitor: Visitor) -> Iterator[Row]:
    row = runtime.session.get(WaitingContact, visitor.id)
    if row is not None:
        yield {**row.values, **plain(row, "origin", "origin_about", "shared_at")}


def _erase_shared(runtime: Runtime, visitor: Visitor) -> None:
    row = runtime.session.get(WaitingContact, visitor.id)
    if row is None:
        return
    if email := row.values.get("email"):
        erased.remember(runtime, values.EMAIL, addresses.key_of(email))
    runtime.session.delete(row)
    runtime.session.flush()


HOLDINGS = (
    Holding(
        name="shared_data",
        fate=Fate.REMOVED,
        label=lambda n: ngettext("%(num)s answer to a page", "%(num)s answers to a page", n),
        number=lambda runtime, who: count(
            runtime, WaitingContact, WaitingContact.visitor_id == who.id
        ),
        rows=_shared,
        erase=_erase_shared,
    ),
    Holding(
        name=PROFILE,
        fate=Fate.REMOVED,
        label=lambda n: ngettext("%(num)s profile", "%(num)s profiles", n),
        number=lambda runtime, who: int(own_profile(runtime, who) is not None),
        rows=_profiles,
        erase=_erase_profile,
    ),
)
ADDITIONS = additions_of(HOLDINGS, rank=70)
