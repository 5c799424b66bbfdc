"""Brings an instance to this version: its tables, what it begins with, the messages it kept."""

from dataclasses import dataclass

from webapp.audience.inbox import rereading
from webapp.kernel import schema
from webapp.kernel.runtime import Runtime
from webapp.system.setup import defaults


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgraded:
    """What an upgrade did: its steps by name, and how many kept messages are read otherwise now."""

    steps: list[str]
    refusals: int


def upgrade(runtime: Runtime) -> Upgraded:
    """Bring everything up to date; a second host waits meanwhile and then finds nothing to do."""
    engine = runtime.session.get_bind().engine
    with schema.alone(engine):
        steps = schema.upgrade(engine)
        defaults.ensure(runtime)
        return Upgraded(steps=steps, refusals=rereading.read_all(runtime))
