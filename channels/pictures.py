"""Where pictures of profiles come from: hosts that a channel declares, and no others.

The pages tell browsers these hosts (`img-src` of the Content Security Policy, level 3), so that no
text from a network makes an operator's browser ask a stranger's server.
"""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

# A name with a dot, such as `pbs.twimg.com`; `*.` before it stands for every name below it.
HOST = re.compile(r"(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")


def lies_in(url: str, hosts: Sequence[str]) -> bool:
    """Tell whether a picture comes over HTTPS from one of the declared hosts."""
    try:
        parts = urlsplit(url)
        plain = parts.scheme == "https" and parts.port in {None, 443}
    except ValueError:
        return False
    return plain and any(_fits(parts.hostname or "", host) for host in hosts)


def _fits(name: str, host: str) -> bool:
    return name.endswith(host[1:]) if host.startswith("*.") else name == host
