"""Workers of one account of Sandbox X, each of which may die at any commit or in any call."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import event
from sqlalchemy.orm import Session as Database

from channels import ChannelError
from tests.plugins.x.sandbox.running import RunningSandbox
from tests.support.crash import Crash, MachineClock
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime
from webapp.services.channel import session_store
from webapp.services.channel.context import context_of
from webapp.services.client import Client
from webapp.services.connection import renewing
from webapp.services.models import Service

MINUTE = timedelta(minutes=1)


class Host:
    """Workers of one account, each of which may die at any moment."""

    def __init__(self, runtime: Runtime, sandbox: RunningSandbox, service: Service) -> None:
        self.sandbox, self.service_id = sandbox, service.id
        self.clock = MachineClock(sandbox.clock.path)
        self.runtime = replace(runtime, clock=self.clock)

    def work(self, do, *, dies_at: int = 0) -> object:
        """Do something as a worker; at its commit of that number it is gone."""
        commits = 0

        def ended(_session, transaction) -> None:
            nonlocal commits
            commits += transaction.parent is None
            if transaction.parent is None and commits == dies_at:
                raise Crash

        with suppress(Crash), Database(db.engine, expire_on_commit=False) as session:
            own = replace(self.runtime, session=session)
            if dies_at:
                event.listen(session, "after_transaction_end", ended)
            return do(own, session.get_one(Service, self.service_id))
        return None

    def look_after(self, *, dies_at: int = 0) -> None:
        def renew(runtime: Runtime, service: Service) -> None:
            if service.id in renewing.due(runtime):
                renewing.renew(runtime, service.id)

        self.work(renew, dies_at=dies_at)

    def call(self, *, dies_at: int = 0) -> str | None:
        """Ask for the account as any call does; return its handle, or why that failed."""

        def ask(runtime: Runtime, service: Service) -> str:
            try:
                return Client(runtime, service).account(counted=False).handle
            except ChannelError as fault:
                return fault.code

        return self.work(ask, dies_at=dies_at)

    def has_session(self) -> bool:
        return bool(self.work(lambda own, it: session_store.names_of(context_of(own, it))))

    def heal(self, most: int = 30) -> str | None:
        """Let time pass, with no more faults; return what a call says in the end."""
        for _round in range(most):
            self.clock.pass_time(2 * MINUTE)
            self.look_after()
            if self.has_session() and self.call() == "ateliernord":
                return "ateliernord"
        return self.call()


class Death:
    """Ends a worker before or after one of its calls was answered."""

    after = 0

    def in_call(self, call):
        def made(part, context):
            self.after -= 1
            if self.after == 1:
                raise Crash
            answer = call(part, context)
            if self.after == 0:
                raise Crash
            return answer

        return made
