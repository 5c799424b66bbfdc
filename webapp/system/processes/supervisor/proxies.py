"""The processes of an instance call each other directly, whatever proxy the machine uses."""

from collections.abc import Mapping

VARIABLES = ("no_proxy", "NO_PROXY")
OWN = ("127.0.0.1", "localhost")
EVERYTHING = "*"


def passed_by(environ: Mapping[str, str], host: str) -> dict[str, str]:
    """Return the variables that keep a proxy out of calls to this machine itself and to `host`.

    A proxy elsewhere would look for the web pages and the sandbox on a machine of its own.
    """
    told = next((environ[name] for name in VARIABLES if environ.get(name)), "")
    if told.strip() == EVERYTHING:
        return {}
    named = [item.strip() for item in told.split(",") if item.strip()]
    return dict.fromkeys(VARIABLES, ",".join(dict.fromkeys([*named, *OWN, host])))
