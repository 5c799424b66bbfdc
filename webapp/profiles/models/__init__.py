"""The tables of profiles."""

from webapp.profiles.models.link import LinkedBy, NotSame, ProfileLink, Unclear, WaitingContact
from webapp.profiles.models.merge import ProfileMerge
from webapp.profiles.models.person import Origin, OwnField, Profile, ProfileTag, ProfileWord, Tag
from webapp.profiles.models.transfer import (
    ImportState,
    ProfileImport,
    ProfileImportFault,
    ProfileImportPiece,
)

__all__ = [
    "ImportState",
    "LinkedBy",
    "NotSame",
    "Origin",
    "OwnField",
    "Profile",
    "ProfileImport",
    "ProfileImportFault",
    "ProfileImportPiece",
    "ProfileLink",
    "ProfileMerge",
    "ProfileTag",
    "ProfileWord",
    "Tag",
    "Unclear",
    "WaitingContact",
]
