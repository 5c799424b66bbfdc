"""How the background processes are, and what that holds up."""

from typing import Any

from webapp.kernel.runtime import Runtime


def frame(runtime: Runtime) -> dict[str, Any]:
    """Return what the frame of every page says about the system."""
    health = runtime.queue.health()
    return {"ok": health.broker and health.workers > 0, "sentence": "", "banners": []}


def counts(runtime: Runtime) -> dict[str, int]:
    """Return how many things of each kind need the operator."""
    return {"deliveries": 0, "services": 0}
