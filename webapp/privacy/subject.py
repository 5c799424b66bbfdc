"""Whom a wish to be erased is about: a visitor, or a profile with every visitor that it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.audience.models import Visitor
from webapp.kernel.folding import fold
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.privacy.models import ErasureWish
from webapp.profiles.models import Profile
from webapp.profiles.reconciliation import linking


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A person: their visitors, and their profile where the wish is about that."""

    visitors: Sequence[Visitor]
    profile: Profile | None = None

    @property
    def name(self) -> str:
        """What pages call them."""
        if self.profile is not None:
            return self.profile.shown_name
        return self.visitors[0].name or self.visitors[0].handle

    @property
    def typed(self) -> str:
        """What whoever erases them types, so that it is nobody else."""
        profile = self.profile
        return profile.shown_name if profile is not None else self.visitors[0].shown_handle

    def is_named(self, typed: str) -> bool:
        """Tell whether somebody typed that."""
        said = {fold(self.typed)}
        if self.profile is None:
            said.add(fold(self.visitors[0].handle))
        return fold(typed) in said


def of_visitor(visitor: Visitor) -> Subject:
    """Return a visitor alone."""
    return Subject(visitors=[visitor])


@requires(Permission.VIEW)
def of_profile(runtime: Runtime, profile: Profile) -> Subject:
    """Return a profile with the visitors that it is."""
    links = linking.of_profile(runtime, profile)
    visitors = sorted((link.visitor for link in links), key=lambda visitor: visitor.id)
    return Subject(visitors=visitors, profile=profile)


def of_wish(runtime: Runtime, wish: ErasureWish) -> Subject | None:
    """Return whom a wish is about, while they are stored."""
    if wish.profile is not None:
        return of_profile(runtime, wish.profile)
    return of_visitor(wish.visitor) if wish.visitor is not None else None


@requires(Permission.VIEW)
def shown(runtime: Runtime, wish: ErasureWish) -> Subject | None:
    """Return the same for a page of operators."""
    return of_wish(runtime, wish)
