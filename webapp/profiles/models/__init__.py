"""The tables of profiles."""

from webapp.profiles.models.link import LinkedBy, NotSame, ProfileLink, Unclear, WaitingContact
from webapp.profiles.models.person import Origin, OwnField, Profile, ProfileTag, ProfileWord, Tag

__all__ = [
    "LinkedBy",
    "NotSame",
    "Origin",
    "OwnField",
    "Profile",
    "ProfileLink",
    "ProfileTag",
    "ProfileWord",
    "Tag",
    "Unclear",
    "WaitingContact",
]
