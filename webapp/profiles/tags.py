"""Tags: words by which the team groups profiles."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, select

from webapp.kernel.db import insert_into
from webapp.kernel.errors import Invalid, NotFound
from webapp.kernel.folding import fold
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.lengths import LONGEST, length_fault
from webapp.profiles import contacts, values
from webapp.profiles.models import Profile, ProfileTag, Tag

MOST = 500
# Between the tags of one profile in a file.
BETWEEN = ","


@requires(Permission.VIEW)
def every(runtime: Runtime) -> Sequence[Tag]:
    """Return all tags by name."""
    return runtime.session.scalars(select(Tag).order_by(Tag.key).limit(MOST)).all()


@requires(Permission.VIEW)
def of(runtime: Runtime, ids: Sequence[int]) -> Mapping[int, list[Tag]]:
    """Return the tags of some profiles by their ids."""
    rows = (
        select(ProfileTag.profile_id, Tag)
        .join(Tag, Tag.id == ProfileTag.tag_id)
        .where(ProfileTag.profile_id.in_(ids))
        .order_by(Tag.key)
    )
    found: dict[int, list[Tag]] = {number: [] for number in ids}
    for number, tag in runtime.session.execute(rows):
        found[number].append(tag)
    return found


def _key_of(name: str) -> str:
    """Return how a tag is compared, as long as a key may be: some letters are two when folded."""
    return fold(name)[:LONGEST]


def fault_of(name: str) -> str:
    """Return what is wrong with the name of a tag, as a sentence; empty when nothing is."""
    if BETWEEN in name:
        # A file that was written could not be read again.
        return _("Files have a comma between tags, so a tag has none.")
    return length_fault(name) or ("" if _key_of(name) else _("This is needed."))


def named(runtime: Runtime, name: str) -> Tag:
    """Return the tag of that name, made where it is missing; the caller commits.

    Raise `Invalid` for a name that is none.
    """
    said = " ".join(name.split())
    key, fault = _key_of(said), fault_of(said)
    if fault:
        raise Invalid(fault, {"tag": fault})
    row = insert_into(runtime.session, Tag.__table__).values(name=said, key=key)
    # Of two who make it at once one does.
    runtime.session.execute(row.on_conflict_do_nothing(index_elements=["key"]))
    return runtime.session.scalars(select(Tag).where(Tag.key == key)).one()


def give(runtime: Runtime, tag_id: int, ids: Sequence[int]) -> None:
    """Let profiles have a tag that they may have already; the caller commits."""
    rows = [{"tag_id": tag_id, "profile_id": number} for number in ids]
    if rows:
        given = insert_into(runtime.session, ProfileTag.__table__).on_conflict_do_nothing()
        runtime.session.execute(given, rows)


@requires(Permission.WRITE)
def add(runtime: Runtime, profile_id: int, name: str) -> Profile:
    """Give a profile a tag; one that is new is made."""
    profile = contacts.locked(runtime, profile_id)[0]
    tag = named(runtime, name)
    give(runtime, tag.id, [profile.id])
    values.touch(runtime, profile)
    runtime.record("profile.tag", profile, tag=tag.name)
    runtime.session.commit()
    return profile


@requires(Permission.WRITE)
def take(runtime: Runtime, profile_id: int, tag_id: int) -> Profile:
    """Take a tag from a profile; a tag that nobody has any more is forgotten."""
    profile = contacts.locked(runtime, profile_id)[0]
    tag = runtime.session.get(Tag, tag_id)
    if tag is None:
        raise NotFound(_("There is no such tag."))
    mine = ProfileTag.tag_id == tag.id
    gone = delete(ProfileTag).where(mine, ProfileTag.profile_id == profile.id)
    runtime.session.execute(gone)
    values.touch(runtime, profile)
    runtime.record("profile.untag", profile, tag=tag.name)
    if runtime.session.scalar(select(ProfileTag.tag_id).where(mine).limit(1)) is None:
        runtime.session.delete(tag)
    runtime.session.commit()
    return profile
