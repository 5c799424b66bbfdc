"""State and verifier of a sign-in (RFC 7636): made, sealed, and shown to a channel."""

import base64
import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from channels import SignInRequest
from webapp.kernel.runtime import Runtime

STATE_BYTES, VERIFIER_BYTES = 32, 48


@dataclass(frozen=True, slots=True)
class Pair:
    """What only this instance knows of a sign-in, until the state comes back."""

    state: str = field(repr=False)
    verifier: str = field(repr=False)

    def sealed(self, runtime: Runtime) -> bytes:
        """Return both as they are stored."""
        return runtime.secret_box.encrypt(json.dumps([self.state, self.verifier]))

    def request(self, redirect_uri: str, scopes: Sequence[str]) -> SignInRequest:
        """Return a sign-in as its channel is given it."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return SignInRequest(
            redirect_uri=redirect_uri,
            state=self.state,
            challenge=base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            verifier=self.verifier,
            scopes=tuple(scopes),
        )


def new() -> Pair:
    """Make both by chance."""
    return Pair(secrets.token_urlsafe(STATE_BYTES), secrets.token_urlsafe(VERIFIER_BYTES))


def opened(runtime: Runtime, ciphertext: bytes) -> Pair:
    """Return what was stored; raise `UnreadableSecret` where no key opens it."""
    state, verifier = json.loads(runtime.secret_box.decrypt(ciphertext))
    return Pair(state, verifier)


def hash_of(state: str) -> str:
    """Return how a state is found again without being stored."""
    return hashlib.sha256(state.encode()).hexdigest()
