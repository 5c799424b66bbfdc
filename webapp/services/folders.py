"""Folders by name; one that is missing is made."""

from sqlalchemy import select

from webapp.kernel.runtime import Runtime
from webapp.services.models import Folder, FolderKind


def folder(runtime: Runtime, kind: FolderKind, name: str) -> Folder:
    """Return the folder of that name; the caller commits."""
    wanted = name.strip() or kind.value.title()
    found = runtime.session.scalar(select(Folder).where(Folder.kind == kind, Folder.name == wanted))
    if found is None:
        found = Folder(kind=kind, name=wanted)
        runtime.session.add(found)
        runtime.session.flush()  # Bulk statements need the id.
    return found
