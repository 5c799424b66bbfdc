"""The token of the first run: who can read the console may become the first administrator.

A stranger who finds a fresh instance before its owner would else own it. Every process makes the
same token of the key that signs sessions, so it is stored nowhere, and it opens nothing once there
is an administrator. In a link it stands behind `#`, which browsers send to no server and no log.
"""

import base64
import hashlib
import hmac
import logging
import os

from webapp.kernel.config import instance_files
from webapp.kernel.config.settings import Settings
from webapp.kernel.errors import Conflict
from webapp.kernel.text.cleaning import clean
from webapp.kernel.web import links

log = logging.getLogger(__name__)

PURPOSE = b"fanfare: who may create the first administrator"
# Eighty bits, in four groups that are typed without a mistake.
BYTES, GROUP = 10, 4
PAGE = "/setup"


def token(settings: Settings) -> str:
    """Return the token, as it is printed."""
    key = instance_files.secret_key(settings).encode()
    found = base64.b32encode(hmac.new(key, PURPOSE, hashlib.sha256).digest()[:BYTES]).decode()
    return "-".join(found[at : at + GROUP] for at in range(0, len(found), GROUP))


def fits(settings: Settings, typed: str, address: str) -> bool:
    """Tell whether this is the token, however it was typed; log from where a wrong one came."""
    right = hmac.compare_digest(_plain(typed), _plain(token(settings)))
    if not right:
        log.warning("A wrong token for the first run came from %s.", clean(address))
    return right


def link(settings: Settings) -> str:
    """Return the address of the first run with its token, for a console."""
    try:
        start = links.base(settings)
    except Conflict:
        # Nobody said how others reach it; whoever stands at the machine does by this.
        start = f"http://{settings.host}:{settings.port}"
    return f"{start}{os.environ.get('SCRIPT_NAME', '')}{PAGE}#{token(settings)}"


def _plain(typed: str) -> bytes:
    return "".join(sign for sign in typed.upper() if sign.isalnum()).encode()
