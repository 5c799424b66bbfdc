"""The page of one profile: who it is, which visitors it is, how it is reached."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Response, g, url_for

from webapp.audience.consents import history
from webapp.audience.models import Consent, Visitor
from webapp.kernel.errors import NotFound
from webapp.kernel.web import htmx
from webapp.operators.access import Permission, needs
from webapp.profiles import contacts, fields, languages, reach, tags, values
from webapp.profiles.forms.profile import TagForm
from webapp.profiles.merging import merge as merging
from webapp.profiles.models import Profile, ProfileLink, ProfileMerge
from webapp.profiles.places import BESIDE, PARTS
from webapp.profiles.reach import Way
from webapp.profiles.reconciliation import linking, suggestions
from webapp.profiles.views.blueprint import blueprint


@blueprint.get("/audience/profiles/<int:profile_id>")
@needs(Permission.VIEW)
def show(profile_id: int) -> Response:
    """Show one profile; one that was merged leads to the one it went into."""
    try:
        return page(profile_id).render()
    except NotFound:
        other = merging.taken_in_by(g.runtime, profile_id)
        if other is None:
            raise
        return htmx.go(url_for("profiles.show", profile_id=other))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A field with what a profile says in it, and where that came from."""

    name: str
    label: str
    value: str
    source: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """A merge of the profile, until when it can be undone, and whether it still can."""

    merge: ProfileMerge
    until: datetime
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfilePage:
    """The page of one profile with its forms."""

    profile: Profile
    links: Sequence[ProfileLink]
    ways: Mapping[int, list[Way]]
    answers: Sequence[Consent] = ()
    tag_form: TagForm = field(default_factory=TagForm)

    @property
    def visitors(self) -> list[Visitor]:
        """The visitors that the profile is."""
        return [link.visitor for link in self.links]

    @property
    def open_ways(self) -> list[Way]:
        """The accounts that may write to the person, each visitor by its best."""
        return [way for ways in self.ways.values() for way in ways if way.open]

    def facts(self) -> list[Fact]:
        """Return the fields with their values, those that are unknown too."""
        told = values.of(self.profile)
        return [
            Fact(
                name=label.name,
                label=label.words,
                value=told.get(label.name, ""),
                source=_source(self.profile.sources.get(label.name)),
            )
            for label in fields.every(g.runtime)
            if label.name not in fields.NAMES
        ]

    def render(self, status: int = 200) -> Response:
        """Render it with what the forms hold."""
        profile, visitors = self.profile, self.visitors
        return htmx.render(
            "profiles/show.html",
            status=status,
            page=self,
            profile=profile,
            facts=self.facts(),
            kinds=_kinds(visitors),
            own_tags=tags.of(g.runtime, [profile.id])[profile.id],
            tags=tags.every(g.runtime),
            alike=suggestions.for_profile(g.runtime, profile),
            waits=[
                waits
                for visitor in visitors
                if (waits := suggestions.waits_of(g.runtime, visitor.id))
            ],
            alike_profiles=merging.alike(g.runtime, profile),
            merges=_merges(profile),
            replaced={row.replaces_id for row in self.answers},
            labels={label.name: label.words for label in fields.every(g.runtime)},
            language_name=languages.name,
            parts=PARTS.ask(g.runtime, profile, visitors),
            beside=BESIDE.ask(g.runtime, profile, visitors),
        )


def page(profile_id: int, tag_form: TagForm | None = None) -> ProfilePage:
    """Return the page of a profile; raise `NotFound`."""
    profile = contacts.get(g.runtime, profile_id)
    links = linking.of_profile(g.runtime, profile)
    ways = reach.of(g.runtime, [link.visitor for link in links])
    return ProfilePage(
        profile=profile,
        links=links,
        ways=ways,
        answers=_answers([link.visitor for link in links]),
        tag_form=tag_form or TagForm(),
    )


def _answers(visitors: Sequence[Visitor]) -> list[Consent]:
    """Return each yes and no of the visitors that a profile is, the newest first."""
    found = [row for visitor in visitors for row in history.of_person(g.runtime, visitor)]
    return sorted(found, key=lambda row: row.id, reverse=True)


def _source(kept: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return where a value came from, its time as one."""
    return {**kept, "at": datetime.fromisoformat(kept["at"])} if kept else {}


def _kinds(visitors: Sequence[Visitor]) -> dict[str, str]:
    """Return what the channels of some visitors are called."""
    registry = g.runtime.registry
    kinds = {visitor.kind for visitor in visitors}
    return {kind: registry.get(kind).label if registry.has(kind) else kind for kind in kinds}


def _merges(profile: Profile) -> list[Merged]:
    return [
        Merged(merge=row, until=merging.until(row), open=merging.may_be_undone(profile, row))
        for row in merging.of(g.runtime, profile)
    ]
