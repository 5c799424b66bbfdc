"""The names by which plugins and the core find each other."""

from typing import Final

import pluggy

PROJECT: Final = "fanfare"
ENTRY_POINT_GROUP: Final = "fanfare.channels"
CONTRACT: Final = 2

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
