"""Offers the accounts of Sandbox X, when one runs beside this instance."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from plugins.x.sandbox import seed


@dataclass(frozen=True, kw_only=True)
class SandboxAccount:
    """One account of the sandbox, ready to be connected."""

    label: str
    handle: str
    is_test: bool
    settings: Mapping[str, object]
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


class XSandbox:
    """The sandbox part of the channel."""

    def services(self, config: Mapping[str, str]) -> Sequence[SandboxAccount]:
        """Return the brand and the test account, or nothing when no sandbox runs."""
        if not config.get("sandbox_url"):
            return ()
        return [
            SandboxAccount(
                label=account.name,
                handle=account.username,
                is_test=account.is_test,
                # The brand owns the sandbox's one app.
                settings={"sandbox": True, "foreign_app": account.username != seed.BRAND},
                secrets=seed.credentials(account.username),
            )
            for account in seed.ACCOUNTS
            if account.username in (seed.BRAND, seed.PROOF)
        ]

    def command(self, port: int, clock: str) -> Sequence[str]:
        """Return the command that serves the sandbox on a port of this machine."""
        moved = ["--clock", clock] if clock else []
        return [sys.executable, "-m", "plugins.x.sandbox", "--port", str(port), *moved]
