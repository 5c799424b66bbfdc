"""A plugin that misspells its hook, as happens."""

import channels


@channels.hookimpl
def register_chanels():
    return []
