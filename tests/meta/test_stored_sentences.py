"""No row holds a sentence: what is stored is a code with values, said anew to each reader.

Every translated sentence is marked while whole stories run. Afterwards every column of every table
is looked through: where a mark stands, somebody would read the language of a worker.
"""

import ast
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update

from channels import ChannelError, Check, CheckState, ErrorKind, Operation
from plugins.x import errors
from tests.support.deliveries import begin, proved, ready, sent
from tests.support.factories import make_delivery, make_service, service_draft
from tests.support.fake_network import FakeNetwork, direct_limit, direct_price, person
from webapp.audience.sync import SYNCHRONISE
from webapp.deliveries import control, sending
from webapp.deliveries.analysis import stored_findings
from webapp.deliveries.approval import confirm
from webapp.deliveries.control import delete
from webapp.deliveries.models import Delivery
from webapp.kernel import catalogues
from webapp.kernel.audit import AuditEntry
from webapp.kernel.db import Base
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import notices
from webapp.services.connection import accounts, doctor
from webapp.services.models import ServiceSecret
from webapp.system.audit import wording
from webapp.system.setup import defaults
from webapp.system.tasks.registry import CHECK_CREDENTIALS, CLEAN_UP, task_of
from webapp.workflows import control as workflows
from webapp.workflows import runs
from webapp.workflows.models import Run, RunEntry, Workflow

# What is looked at here comes before any database.
pytestmark = pytest.mark.one_database

MARK = "~~marked~~"
ROOT = Path(__file__).parents[2]


class Marking:
    """A translator into a language of marks."""

    def ugettext(self, source: str) -> str:
        return MARK + source

    def ungettext(self, one: str, many: str, num: int) -> str:
        return MARK + (one if num == 1 else many)


@pytest.fixture
def marked(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Mark every sentence from now on; the function that is returned ends that."""
    with monkeypatch.context() as patch:
        patch.setattr(catalogues.Catalogues, "get_translations", lambda _domain: Marking())
        yield patch.undo


def marks(runtime: Runtime) -> list[str]:
    """Look through every column of every table; what was sent stays as it was sent."""
    runtime.session.commit()
    return [
        f"{table.name}: {dict(row)}"
        for table in Base.metadata.sorted_tables
        for row in runtime.session.execute(text(f"SELECT * FROM {table.name}")).mappings()
        if MARK in repr({**row, "text": ""} if table.name == "attempt" else dict(row))
    ]


def ended(runtime: Runtime, job: str, kind: str) -> Run:
    """Carry a run of a workflow on until it ends or waits."""
    workflow = runtime.session.scalars(
        select(Workflow).where(Workflow.job == job, Workflow.kind == kind)
    ).one()
    run = workflows.run_now(runtime, workflow.id)
    runs.go_on(runtime, run.id, task_of(runtime, job))
    return run


def of_x(kind: ErrorKind) -> ChannelError:
    """A fault with a sentence of a plugin, in the language of the moment."""
    found = errors.no_sandbox()
    return ChannelError(found.message, kind=kind, code="refused")


def held_up(runtime: Runtime, network: FakeNetwork) -> list[Delivery]:
    """Let deliveries be held, wait and fail for every reason there is."""
    found = []
    for told in (ErrorKind.SENDER, ErrorKind.LIMITED, ErrorKind.PERMANENT, ErrorKind.UNKNOWN):
        service = make_service(runtime)
        network.before = [of_x(told)]
        found.append(sent(runtime, service, 2))
    service = make_service(runtime)
    network.before = [of_x(ErrorKind.PERMANENT) for _each in range(5)]
    found.append(sent(runtime, service, 6))
    network.before = [errors.no_sandbox()]
    found.append(sent(runtime, make_service(runtime)))
    found.append(sent(runtime, make_service(runtime, is_sandbox=True, daily_cap=1)))
    found.append(sent(runtime, make_service(runtime), wave_size=1))
    network.prices = [direct_price("0.50")]
    found.append(sent(runtime, make_service(runtime, monthly_budget=Decimal("0.60"))))
    network.prices = []
    network.limits = [direct_limit(1)]
    found.append(sent(runtime, make_service(runtime)))
    network.limits = []
    return found


def test_no_row_of_deliveries_holds_a_sentence(
    runtime: Runtime, network: FakeNetwork, marked: Callable[[], None]
):
    found = held_up(runtime, network)
    found.append(control.pause(runtime, begin(runtime, ready(runtime, make_service(runtime))).id))
    found.append(control.stop(runtime, found[-1].id))
    draft = ready(runtime, make_service(runtime), proof_service_id=make_service(runtime).id)
    network.before = [of_x(ErrorKind.PERMANENT)]
    proved(runtime, draft)
    delete.remove(runtime, draft.id)
    service = make_service(runtime)
    ready(runtime, service, people=0)
    gone = ready(runtime, service)
    accounts.remove(runtime, service.id)
    with pytest.raises(confirm.Unseen):
        begin(runtime, gone)

    assert marks(runtime) == []
    assert {item.wait_reason.code for item in found} >= {"limit_spent", "wave_out", "budget_spent"}


def test_no_row_holds_why_a_plugin_or_a_key_is_gone(
    runtime: Runtime, marked: Callable[[], None], monkeypatch: pytest.MonkeyPatch
):
    defaults.ensure(runtime)
    service = make_service(runtime)
    first, second = (begin(runtime, ready(runtime, service, label=name)) for name in ("A", "B"))
    with monkeypatch.context() as gone:
        gone.delitem(runtime.registry._channels, "fake")
        sending.send_batch(runtime, second.id)
    runtime.session.execute(update(ServiceSecret).values(ciphertext=b"of another key"))
    runtime.session.commit()
    sending.send_batch(runtime, first.id)
    ended(runtime, SYNCHRONISE, "fake")
    runtime.session.expire_all()

    assert marks(runtime) == []
    assert "FANFARE_ENCRYPTION_KEYS" in first.wait_reason
    assert "No plugin brings the channel fake" in second.wait_reason


def test_what_is_kept_is_read_in_the_language_of_whoever_looks(
    runtime: Runtime, network: FakeNetwork, marked: Callable[[], None]
):
    delivery = sent(runtime, make_service(runtime, daily_cap=1))
    network.before = [of_x(ErrorKind.SENDER)]
    other = sent(runtime, make_service(runtime))
    worker = str(delivery.wait_reason)
    marked()
    runtime.session.expire_all()

    assert MARK in worker
    assert delivery.wait_reason == worker.replace(MARK, "")
    assert other.wait_reason == str(errors.no_sandbox().message)
    assert other.services[0].fault == other.wait_reason
    assert not any(MARK in item["text"] for item in stored_findings.findings(delivery))
    held = select(AuditEntry).where(AuditEntry.action.in_(("delivery.hold", "service.state")))
    assert not any(MARK in wording.detail(row) for row in runtime.session.scalars(held))


def test_no_row_of_accounts_and_runs_holds_a_sentence(
    runtime: Runtime, network: FakeNetwork, marked: Callable[[], None]
):
    defaults.ensure(runtime)
    service = accounts.connect(runtime, "fake", service_draft())
    network.people = [person(number) for number in range(3)]
    ended(runtime, SYNCHRONISE, "fake")
    network.checks = [
        Check(code="clock", label=str(errors.no_sandbox().message), state=CheckState.ERROR)
    ]
    ended(runtime, CHECK_CREDENTIALS, "")
    for told in ErrorKind:
        network.on_inbox = of_x(told)
        ended(runtime, SYNCHRONISE, "fake")
    ended(runtime, CLEAN_UP, "")

    assert marks(runtime) == []
    assert doctor.why_unfit(service, Operation.POST).code == "cannot_send"
    codes = {row.text.code for row in runtime.session.scalars(select(RunEntry))}
    assert codes >= {"run_started", "reading_people", "services_to_fix", "of_account"}


def test_a_bare_sentence_is_refused(runtime: Runtime):
    delivery = make_delivery(runtime, make_service(runtime))
    delivery.wait_reason = "Somebody paused it."

    with pytest.raises(Exception, match="without a code"):
        runtime.session.commit()
    runtime.session.rollback()


def made() -> Iterator[tuple[str, set[str], str]]:
    """Yield each notice that the code makes: its code, the names of its values, and its place."""
    for path in sorted((ROOT / "webapp").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Notice"
            if called and node.args and isinstance(node.args[0], ast.Constant):
                names = {item.arg or "**" for item in node.keywords}
                yield node.args[0].value, names, f"{path.relative_to(ROOT)}:{node.lineno}"


def places(sentence: Any) -> set[str]:
    source = getattr(sentence, "one", None) or str(sentence)
    return set(re.findall(r"%\((\w+)\)", source))


def test_every_notice_is_declared_and_gets_the_values_it_names(runtime: Runtime):
    wrong = [
        f"{where}: {code}"
        for code, names, where in made()
        if code not in notices.SENTENCES
        or not (
            callable(notices.SENTENCES[code])
            or "**" in names
            or code == "together"
            or places(notices.SENTENCES[code]) == names
        )
    ]

    assert wrong == []
