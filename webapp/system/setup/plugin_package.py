"""Makes the package of a new plugin: a channel that works, and its test."""

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from channels import CONTRACT
from channels.validation import SLUG
from webapp.kernel.errors import Conflict, Invalid, NotFound
from webapp.kernel.i18n import _
from webapp.kernel.plugins.registry import Registry

LONGEST_KIND, LONGEST_LABEL = 30, 60
# A package is for others to read, whatever the command line lets nobody else see.
FOLDER_MODE, FILE_MODE = 0o755, 0o644


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A package that was made: where it lies, and the names of its files."""

    folder: Path
    names: tuple[str, ...]


def make(registry: Registry, kind: str, label: str, place: Path) -> Package:
    """Make the package of a plugin below a folder; overwrite nothing and leave no half of it.

    Raises `Invalid` for a name or label that no channel can have, `Conflict` where the kind or the
    folder is taken, `NotFound` where the folder cannot be written to.
    """
    words = label or " ".join(part.capitalize() for part in kind.split("_") if part)
    _refuse_names(kind, words)
    _refuse_taken(registry, kind)
    folder = place / f"fanfare-{kind}"
    if os.path.lexists(folder):
        raise Conflict(
            _("%(folder)s exists already. Nothing was changed; choose another name.", folder=folder)
        )
    texts = _texts(kind, words)
    try:
        _write(folder, texts)
    except OSError as cause:
        why = cause.strerror or type(cause).__name__
        raise NotFound(
            _("%(folder)s cannot be made: %(why)s. Nothing was changed.", folder=folder, why=why)
        ) from cause
    return Package(folder=folder, names=tuple(texts))


def _refuse_names(kind: str, label: str) -> None:
    # No package may be called by a name that ends in a line.
    if not SLUG.fullmatch(kind) or kind.endswith("_") or len(kind) > LONGEST_KIND:
        raise Invalid(
            _(
                "“%(name)s” is no name of a channel. It begins with a-z, goes on with a-z, 0-9 and "
                "_, does not end with _, and has at most %(most)s signs, such as my_network.",
                name=kind,
                most=LONGEST_KIND,
            )
        )
    if not label.strip() or not label.isprintable() or len(label) > LONGEST_LABEL:
        raise Invalid(
            _(
                "A label is one line of 1 to %(most)s signs, the word people read.",
                most=LONGEST_LABEL,
            )
        )


def _refuse_taken(registry: Registry, kind: str) -> None:
    for item in registry.describe():
        if kind == item.name or kind in item.kinds:
            raise Conflict(
                _(
                    "The plugin %(plugin)s brings the channel %(kind)s already. Choose another "
                    "name.",
                    plugin=item.name,
                    kind=kind,
                )
            )


def _texts(kind: str, label: str) -> Mapping[str, str]:
    """Return the files of the package by name."""
    values = {
        "KIND_": kind,
        "CLASS_": "".join(part.capitalize() for part in kind.split("_")) + "Channel",
        "LABEL_": json.dumps(label, ensure_ascii=False),
        "DESCRIPTION_": json.dumps(f"{label} as a channel of Fanfare.", ensure_ascii=False),
        "CONTRACT_": str(CONTRACT),
    }
    names = {
        "pyproject.toml": "pyproject.toml.txt",
        f"fanfare_{kind}.py": "channel.py.txt",
        f"test_fanfare_{kind}.py": "test.py.txt",
    }
    return {name: _filled(source, values) for name, source in names.items()}


def _filled(source: str, values: Mapping[str, str]) -> str:
    text = files("webapp.system.setup").joinpath("package", source).read_text(encoding="utf-8")
    for sign, value in values.items():
        text = text.replace(sign, value)
    return text


def _write(folder: Path, texts: Mapping[str, str]) -> None:
    """Write all files beside the folder and give them its name at once."""
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".fanfare-") as beside:
        made = Path(beside) / folder.name
        made.mkdir()
        for name, text in texts.items():
            (made / name).write_text(text, encoding="utf-8")
            (made / name).chmod(FILE_MODE)
        made.chmod(FOLDER_MODE)
        made.rename(folder)
