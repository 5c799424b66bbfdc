"""Addresses of posts and people for a browser: on X, or on the sandbox where an account is there.

Ids of the sandbox mean nothing on X, or somebody else: a link to X would lead to a stranger.
"""

from collections.abc import Mapping
from urllib.parse import quote

from channels import ChannelContext

SITE = "https://x.com"


def of_post(context: ChannelContext, remote_id: str) -> str:
    """Return the address of a post of the account."""
    in_sandbox = bool(context.settings.get("sandbox"))
    return of_post_by(context.config, context.handle, remote_id, in_sandbox=in_sandbox)


def of_post_by(config: Mapping[str, str], handle: str, remote_id: str, *, in_sandbox: bool) -> str:
    """Return the address of a post by the handle of its account."""
    if in_sandbox:
        return f"{_sandbox(config)}/timeline/{quote(handle)}#post-{quote(remote_id)}"
    return f"{SITE}/{handle}/status/{remote_id}"


def of_person(config: Mapping[str, str], remote_id: str, *, in_sandbox: bool) -> str:
    """Return the address of a person's profile, which survives a new name.

    It is empty for somebody of a sandbox that does not run.
    """
    if not in_sandbox:
        return f"{SITE}/i/user/{quote(remote_id)}"
    base = _sandbox(config)
    return f"{base}/people/{quote(remote_id)}" if base else ""


def _sandbox(config: Mapping[str, str]) -> str:
    return config.get("sandbox_url", "").rstrip("/")
