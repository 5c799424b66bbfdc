"""Where pictures stand in the frame."""

from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.navigation import Entry

ENTRIES = (
    Entry(endpoint="media.index", label=lazy_gettext("Media"), rank=42, icon="photo", key="m"),
)
