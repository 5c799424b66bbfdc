"""Merges two profiles into one, and undoes it: both stand again exactly as they were."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from webapp.kernel.db import insert_into
from webapp.kernel.errors import Conflict, NotFound
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.profiles import contacts, tags, values
from webapp.profiles.merging import snapshot
from webapp.profiles.models import NotSame, Profile, ProfileLink, ProfileMerge

# What it takes to undo a merge is kept for so long.
UNDONE_WITHIN = timedelta(days=30)
FEW = 5


@requires(Permission.VIEW)
def alike(runtime: Runtime, profile: Profile) -> Sequence[Profile]:
    """Return profiles that may be the same person: the same address, or the same whole name."""
    same = []
    if profile.email_key:
        same.append(Profile.email_key == profile.email_key)
    if profile.name_key:
        same.append(Profile.name_key == profile.name_key)
    found: dict[int, Profile] = {}
    # Apart, since each has an index of its own.
    for test in same:
        rows = select(Profile).where(test, Profile.id != profile.id).order_by(Profile.id)
        found |= {row.id: row for row in runtime.session.scalars(rows.limit(FEW))}
    return list(found.values())[:FEW]


def differences(kept: Profile, gone: Profile) -> dict[str, tuple[str, str]]:
    """Return the fields in which two profiles say something else, both unempty values first."""
    mine, theirs = values.of(kept), values.of(gone)
    names = sorted(set(mine) | set(theirs))
    return {
        name: (mine.get(name, ""), theirs.get(name, ""))
        for name in names
        if mine.get(name) != theirs.get(name)
    }


@requires(Permission.WRITE)
def merge(
    runtime: Runtime, kept_id: int, gone_id: int, *, taken: Collection[str], seen: tuple[int, int]
) -> ProfileMerge:
    """Let one profile take the other in; the fields `taken` are as the other says them.

    `seen` are the versions that the operator compared: raise `Conflict` where one changed since.
    """
    if kept_id == gone_id:
        raise Conflict(_("A profile cannot be merged with itself."))
    kept, gone = contacts.locked(runtime, kept_id, gone_id)
    contacts.refuse_waited_for(runtime, kept_id, gone_id)
    if (kept.version, gone.version) != seen:
        raise Conflict(_("Somebody changed one of these profiles meanwhile. Compare them again."))
    before = {"kept": snapshot.of(runtime, kept), "gone": snapshot.of(runtime, gone)}
    runtime.record("profile.merge", kept, other=gone.id)
    told = {name: theirs for name, (_mine, theirs) in differences(kept, gone).items()}
    sources = {**kept.sources, **{name: gone.sources.get(name) for name in told if name in taken}}
    _move_ties(runtime, kept, gone)
    runtime.session.execute(delete(Profile).where(Profile.id == gone.id))
    runtime.session.expunge(gone)
    _write(kept, {name: value for name, value in told.items() if name in taken}, sources)
    values.touch(runtime, kept)
    made = ProfileMerge(
        kept_id=kept.id,
        gone_id=gone_id,
        before=before,
        version=kept.version,
        merged_at=runtime.now(),
        merged_by=runtime.actor.name,
    )
    runtime.session.add(made)
    runtime.session.commit()
    return made


def _write(kept: Profile, taken: dict[str, str], sources: dict[str, Any]) -> None:
    """Write the values that the other profile had, with where that had them from."""
    told = values.of(kept) | taken
    for name, value in values.columns(told).items():
        setattr(kept, name, value)
    kept.sources = {name: source for name, source in sources.items() if source and told.get(name)}


def _move_ties(runtime: Runtime, kept: Profile, gone: Profile) -> None:
    """Give one profile the visitors, tags and refusals of the other, too."""
    for tag in tags.of(runtime, [gone.id])[gone.id]:
        tags.give(runtime, tag.id, [kept.id])
    theirs = update(ProfileLink).where(ProfileLink.profile_id == gone.id)
    runtime.session.execute(theirs.values(profile_id=kept.id), execution_options=snapshot.UNSEEN)
    others = select(NotSame.visitor_id, NotSame.said_at, NotSame.said_by)
    rows = [
        {**row, "profile_id": kept.id}
        for row in runtime.session.execute(others.where(NotSame.profile_id == gone.id)).mappings()
    ]
    if rows:
        new = insert_into(runtime.session, NotSame.__table__).on_conflict_do_nothing()
        runtime.session.execute(new, rows)
    linked = select(ProfileLink.visitor_id).where(ProfileLink.profile_id == kept.id)
    same = delete(NotSame).where(NotSame.profile_id == kept.id, NotSame.visitor_id.in_(linked))
    runtime.session.execute(same, execution_options=snapshot.UNSEEN)
    runtime.session.expire_all()


@requires(Permission.VIEW)
def of(runtime: Runtime, profile: Profile) -> Sequence[ProfileMerge]:
    """Return the merges of a profile that are not too old to be undone, the newest first."""
    since = runtime.now() - UNDONE_WITHIN
    rows = select(ProfileMerge).where(
        ProfileMerge.kept_id == profile.id, ProfileMerge.merged_at > since
    )
    return runtime.session.scalars(rows.order_by(ProfileMerge.id.desc())).all()


@requires(Permission.VIEW)
def taken_in_by(runtime: Runtime, profile_id: int) -> int | None:
    """Return the profile into which one went that is gone."""
    rows = select(ProfileMerge.kept_id).where(ProfileMerge.gone_id == profile_id)
    return runtime.session.scalar(rows.order_by(ProfileMerge.id.desc()).limit(1))


def until(merged: ProfileMerge) -> datetime:
    """Return when a merge is too old to be undone."""
    return merged.merged_at + UNDONE_WITHIN


def may_be_undone(profile: Profile, merged: ProfileMerge) -> bool:
    """Tell whether nothing was changed since a merge."""
    return profile.version == merged.version


@requires(Permission.WRITE)
def undo(runtime: Runtime, merge_id: int) -> ProfileMerge:
    """Make two profiles of one again, both exactly as they were.

    Raise `Conflict` where later changes would be lost, or where it is too late.
    """
    contacts.alone(runtime)
    merged = runtime.session.get(ProfileMerge, merge_id, populate_existing=True)
    if merged is None:
        raise NotFound(_("There is no such merge, or it was undone already."))
    if runtime.now() >= until(merged):
        raise Conflict(_("It is too late: what it takes to undo a merge is kept for 30 days."))
    contacts.refuse_waited_for(runtime, merged.kept_id)
    kept = _unchanged(runtime, merged)
    before = merged.before
    # Above all versions that anybody saw: who has an old page open overwrites nothing.
    version = kept.version + 1
    for name, value in (snapshot.columns(before["kept"]) | {"version": version}).items():
        setattr(kept, name, value)
    runtime.session.flush()
    snapshot.index(runtime, before["kept"], known=True)
    snapshot.bring_back(runtime, before["gone"])
    for side in ("kept", "gone"):
        snapshot.restore_ties(runtime, before[side])
    runtime.record("profile.unmerge", kept, other=merged.gone_id)
    runtime.session.delete(merged)
    _carry_on(runtime, kept, before["kept"]["version"])
    runtime.session.commit()
    runtime.session.expire_all()
    return merged


def _unchanged(runtime: Runtime, merged: ProfileMerge) -> Profile:
    kept = runtime.session.get(Profile, merged.kept_id, populate_existing=True)
    if kept is None:
        raise Conflict(_("The profile is gone that this merge made."))
    both = {*merged.before["kept"]["tags"], *merged.before["gone"]["tags"]}
    is_tagged = set(snapshot.tag_names(runtime, kept.id)) != both
    if not may_be_undone(kept, merged) or is_tagged:
        raise Conflict(
            _(
                "%(name)s was changed since, %(at)s: undoing the merge would lose that.",
                name=kept.shown_name,
                at=kept.changed_at.astimezone(runtime.zone).strftime("%Y-%m-%d %H:%M"),
            )
        )
    return kept


def _carry_on(runtime: Runtime, kept: Profile, before: int) -> None:
    """Let an earlier merge of the same profile be undone, too, now that it stands as after that."""
    earlier = update(ProfileMerge).where(
        ProfileMerge.kept_id == kept.id, ProfileMerge.version == before
    )
    runtime.session.execute(earlier.values(version=kept.version), execution_options=snapshot.UNSEEN)


def forget(runtime: Runtime, profile_id: int, visitor_id: int) -> None:
    """Keep nothing of the merges of a profile that a visitor was part of; the caller commits."""
    mine = ProfileMerge.kept_id.in_(contacts.went_into(runtime, profile_id))
    for merged in runtime.session.scalars(select(ProfileMerge).where(mine)).all():
        sides = merged.before["kept"], merged.before["gone"]
        if any(visitor_id in side["visitors"] for side in sides):
            runtime.session.delete(merged)
    runtime.session.flush()
