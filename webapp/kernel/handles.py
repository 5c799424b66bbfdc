"""How accounts and people are written: with what their network puts before a handle."""

# By kind of channel. A registry fills it while it takes channels in; a kind has one prefix.
_prefixes: dict[str, str] = {}


def learn(kind: str, prefix: str) -> None:
    """Remember what stands before the handles of a channel."""
    _prefixes[kind] = prefix


def written(kind: str, handle: str) -> str:
    """Return a handle as people write it; bare where no plugin brings its channel any more."""
    return f"{_prefixes.get(kind, '')}{handle}"


def bare(text: str) -> str:
    """Return what was typed without the prefix of any channel, as handles are stored."""
    typed = text.strip()
    fitting = (prefix for prefix in _prefixes.values() if prefix and typed.startswith(prefix))
    return typed.removeprefix(max(fitting, key=len, default=""))
