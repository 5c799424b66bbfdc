"""A profile as it stands with all that leans on it, as values that JSON knows, and back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from webapp.audience.models import Visitor
from webapp.kernel.db import insert_into
from webapp.kernel.db.rows import plain
from webapp.kernel.runtime import Runtime
from webapp.profiles import tags, values
from webapp.profiles.models import (
    NotSame,
    Origin,
    Profile,
    ProfileLink,
    ProfileTag,
)

Snapshot = Mapping[str, Any]


def of(runtime: Runtime, profile: Profile) -> dict[str, Any]:
    """Return all that a profile is."""
    mine = ProfileLink.profile_id == profile.id
    links = select(ProfileLink.visitor_id).where(mine).order_by(ProfileLink.visitor_id)
    others = select(NotSame).where(NotSame.profile_id == profile.id).order_by(NotSame.visitor_id)
    return {
        "id": profile.id,
        "values": values.of(profile),
        "sources": profile.sources,
        **plain(profile, "origin", "origin_about", "version", "created_at", "changed_at"),
        "tags": tag_names(runtime, profile.id),
        "visitors": list(runtime.session.scalars(links)),
        "others": [
            plain(row, "visitor_id", "said_at", "said_by")
            for row in runtime.session.scalars(others)
        ],
    }


def tag_names(runtime: Runtime, profile_id: int) -> list[str]:
    """Return the names of the tags of a profile."""
    return [tag.name for tag in tags.of(runtime, [profile_id])[profile_id]]


def columns(kept: Snapshot) -> dict[str, Any]:
    """Return the columns of the row that a snapshot was taken of."""
    return values.columns(kept["values"]) | {
        "sources": kept["sources"],
        "origin": Origin(kept["origin"]),
        "origin_about": kept["origin_about"],
        "version": kept["version"],
        "created_at": datetime.fromisoformat(kept["created_at"]),
        "changed_at": datetime.fromisoformat(kept["changed_at"]),
    }


def bring_back(runtime: Runtime, kept: Snapshot) -> None:
    """Make the row of a profile again that is gone; the caller commits."""
    runtime.session.execute(insert(Profile).values(id=kept["id"], **columns(kept)))
    index(runtime, kept, known=False)


def index(runtime: Runtime, kept: Snapshot, *, known: bool) -> None:
    """Let search find a profile by the words of a snapshot; `known` had others before."""
    told = values.columns(kept["values"])
    people = [(kept["id"], told["name_key"], told["email_key"])]
    values.index(runtime, people, known=[kept["id"]] if known else [])


def restore_ties(runtime: Runtime, kept: Snapshot) -> None:
    """Give a profile its tags, visitors and refusals back, those that are still known."""
    number = kept["id"]
    there = set(runtime.session.scalars(_visitors(kept)))
    move = update(ProfileLink).where(ProfileLink.visitor_id.in_(set(kept["visitors"]) & there))
    runtime.session.execute(move.values(profile_id=number), execution_options=UNSEEN)
    for model in (ProfileTag, NotSame):
        gone = delete(model).where(model.profile_id == number)
        runtime.session.execute(gone, execution_options=UNSEEN)
    for name in kept["tags"]:
        tags.give(runtime, tags.named(runtime, name).id, [number])
    rows = [
        {**row, "profile_id": number, "said_at": datetime.fromisoformat(row["said_at"])}
        for row in kept["others"]
        if row["visitor_id"] in there
    ]
    if rows:
        runtime.session.execute(insert_into(runtime.session, NotSame.__table__), rows)


UNSEEN = {"synchronize_session": False}


def _visitors(kept: Snapshot) -> Any:
    ids = [*kept["visitors"], *(row["visitor_id"] for row in kept["others"])]
    return select(Visitor.id).where(Visitor.id.in_(ids))
