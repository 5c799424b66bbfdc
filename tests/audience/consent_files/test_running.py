"""A file of answers is taken in whole or not at all, row by row, and never opens the gate alone."""

from datetime import timedelta
from io import BytesIO
from itertools import islice

import pytest
from sqlalchemy import select

from tests.support.factories import actions, make_service, make_subscription, make_visitor
from webapp.audience import consent, erased
from webapp.audience.consent_files import running, staging
from webapp.audience.consents import history, ledger, recording
from webapp.audience.consents.ledger import Said
from webapp.audience.models import (
    Answer,
    Consent,
    ConsentImport,
    ConsentImportFault,
    ConsentSource,
    Subscription,
    Visitor,
)
from webapp.kernel.errors import Conflict, Invalid
from webapp.kernel.runtime import Runtime
from webapp.privacy import erasing, wishes
from webapp.services.models import Service

HEADS = "Id,Username,Answer,Date,Wording,Version,Language,Proof"
YES = "yes,2026-10-01,News once a month,3,en,Stand 7"


@pytest.fixture
def service(runtime: Runtime) -> Service:
    return make_service(runtime, internal_name="ateliernord")


def brought(runtime: Runtime, *rows: str, heads: str = HEADS) -> ConsentImport:
    text = "\r\n".join((heads, *rows))
    return staging.bring(runtime, "old/consents.csv", BytesIO(text.encode()))


def taken_in(runtime: Runtime, service: Service, *rows: str, **options: str) -> ConsentImport:
    file = brought(runtime, *rows)
    chosen = {"account": str(service.id)} | options
    staging.map_columns(runtime, file.id, file.mapping, chosen)
    staging.start(runtime, file.id)
    return running.run(runtime, file.id)


def counts(done: ConsentImport) -> dict[str, int]:
    names = ("agreed", "refused", "outdone", "same", "wrong")
    return {name: number for name in names if (number := getattr(done, name))}


def gate(runtime: Runtime, visitor: Visitor) -> str:
    tie = runtime.session.scalars(
        select(Subscription)
        .where(Subscription.visitor_id == visitor.id)
        .execution_options(populate_existing=True)
    ).one()
    return consent.reason_not(tie, visitor)


def test_a_yes_with_its_evidence_opens_the_gate_and_keeps_what_proves_it(
    runtime: Runtime, service: Service
):
    ana = make_visitor(runtime, handle="ana", remote_id="77")

    done = taken_in(runtime, service, f"77,,{YES}")

    assert (counts(done), gate(runtime, ana), done.columns) == ({"agreed": 1}, "", [])
    said = history.of_person(runtime, ana)[0]
    assert (said.source, said.proof, said.reference) == ("import", "Stand 7", f"{done.id}:2")
    words = said.wording
    assert (words.text, words.version, words.language) == ("News once a month", "3", "en")
    assert said.recorded_by == done.brought_by


def test_a_row_without_evidence_is_told_by_its_line_and_opens_nothing(
    runtime: Runtime, service: Service
):
    ana = make_visitor(runtime, handle="ana", remote_id="77")
    make_subscription(runtime, service, ana, wrote_first_at=None)

    done = taken_in(
        runtime,
        service,
        "77,,yes,,News,3,en,Stand 7",
        "77,,yes,2026-10-01,,3,en,Stand 7",
        "77,,yes,2026-10-01,News,3,en,",
        f",nobody,{YES}",
    )

    assert (counts(done), gate(runtime, ana)) == ({"wrong": 4}, "no_consent")
    rows = select(ConsentImportFault).order_by(ConsentImportFault.line)
    told = [(row.line, row.field, row.code) for row in runtime.session.scalars(rows)]
    assert told == [
        (2, "date", "no_date"),
        (3, "wording", "no_wording"),
        (4, "proof", "no_proof"),
        (5, "username", "unknown_person"),
    ]
    assert runtime.session.scalars(select(Consent)).all() == []


def test_a_no_holds_against_an_older_yes_wherever_either_stands(runtime: Runtime, service: Service):
    people = [make_visitor(runtime, remote_id=str(number)) for number in (1, 2, 3)]
    first = make_subscription(runtime, service, people[0], wrote_first_at=None)
    recording.record_stop(runtime, first.id)

    done = taken_in(
        runtime,
        service,
        f"1,,{YES}",
        "2,,no,2026-10-01,,,,",
        f"2,,{YES}",
        f"3,,{YES}",
        "3,,no,2026-09-01,,,,",
    )

    assert counts(done) == {"agreed": 1, "refused": 1, "outdone": 3}
    assert [gate(runtime, who) for who in people] == ["wrote_stop", "wrote_stop", ""]


def test_the_same_file_brought_again_adds_nothing(runtime: Runtime, service: Service):
    rows = f"1,ana,{YES}", "2,bo,no,,,,,", f"1,ana,{YES}"

    first, again = (taken_in(runtime, service, *rows) for _time in range(2))

    assert counts(first) == {"agreed": 1, "refused": 1, "same": 1}
    assert counts(again) == {"same": 3}
    # Who was not known is, so that the no holds when they come.
    stopped = runtime.session.scalars(select(Visitor).where(Visitor.remote_id == "2")).one()
    assert (stopped.handle, stopped.origin) == ("bo", "import")
    assert gate(runtime, stopped) == "wrote_stop"


def test_of_the_erased_and_of_our_own_accounts_nothing_is_kept(runtime: Runtime, service: Service):
    erased.remember(runtime, "fake", "66")
    runtime.session.commit()

    done = taken_in(runtime, service, f"66,gone,{YES}", f"{service.remote_id},us,{YES}")

    assert counts(done) == {"wrong": 2}
    assert runtime.session.scalars(select(Visitor)).all() == []


def test_a_worker_that_dies_leaves_whole_lots_and_another_goes_on(
    runtime: Runtime, service: Service, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(staging, "AT_ONCE", 2)
    file = brought(runtime, *(f"{number},,{YES}" for number in range(5)))
    staging.map_columns(runtime, file.id, file.mapping, {"account": str(service.id)})
    staging.start(runtime, file.id)
    append = running.applying.ledger.append_all
    lots = islice([append, append], 1)

    def dies(*given):
        do = next(lots, None)
        if do is None:
            raise SystemExit
        return do(*given)

    monkeypatch.setattr(running.applying.ledger, "append_all", dies)
    with pytest.raises(SystemExit):
        running.go_on(runtime, file.id)
    runtime.session.rollback()
    assert runtime.session.query(Consent).count() == 2

    monkeypatch.undo()
    runtime.session.query(ConsentImport).update({"leased_until": None, "lease_token": ""})
    runtime.session.commit()
    assert running.due(runtime) == [file.id]
    running.go_on(runtime, file.id)

    done = staging.get(runtime, file.id)
    assert (done.state, done.done, counts(done)) == ("finished", 5, {"agreed": 5})
    assert runtime.session.query(Consent).count() == 5
    assert staging.piece_of(runtime, file.id) is None
    assert actions(runtime)[-1] == "consent_import.finished"


def test_a_file_is_looked_at_before_anything_is_written(runtime: Runtime, service: Service):
    file = brought(runtime, f"1,ana,{YES}", "2,,perhaps,,,,,")
    with pytest.raises(Invalid, match="which account"):
        staging.start(runtime, file.id)
    runtime.session.rollback()
    staging.map_columns(runtime, file.id, file.mapping, {"account": str(service.id)})

    shown = staging.preview(runtime, staging.get(runtime, file.id))

    assert [(row.line, row.outcome) for row in shown] == [(2, "agreed"), (3, "wrong")]
    assert runtime.session.query(Visitor).count() == runtime.session.query(Consent).count() == 0
    staging.stop(runtime, file.id)
    assert staging.piece_of(runtime, file.id) is None
    with pytest.raises(Conflict, match="is over"):
        staging.stop(runtime, file.id)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "no row below"),
        (b"Id,Answer\r\n", "no row below"),
        (b"PK\x03\x04\x00\x00", "save it as CSV"),
        (b'Id\r\n"' + b"x" * 20_000, "Line 2 cannot be read"),
        (b'Id,Answer\r\n"1,no\r\n2,no\r\n3,no\r\n', "Line 2 cannot be read"),
    ],
)
def test_what_is_no_file_of_rows_is_refused_with_a_sentence(
    runtime: Runtime, content: bytes, sentence: str
):
    with pytest.raises(Invalid, match=sentence):
        staging.bring(runtime, "x.csv", BytesIO(content))
    runtime.session.rollback()

    assert runtime.session.query(ConsentImport).count() == 0


def test_a_no_holds_against_a_yes_that_a_clock_set_back_left_ahead(
    runtime: Runtime, service: Service
):
    """That yes would outlast the no until its day has come."""
    ana = make_visitor(runtime, remote_id="77")
    tie = make_subscription(runtime, service, ana, wrote_first_at=None)
    ahead = runtime.now() + timedelta(days=300)
    said = Said(answer=Answer.OPT_IN, source=ConsentSource.OPERATOR, at=ahead)
    ledger.append(runtime, tie, said)
    runtime.session.commit()

    taken_in(runtime, service, "77,,no,,,,,", "77,,no,2026-10-01,,,,")

    assert gate(runtime, ana) == "wrote_stop"


def test_a_yes_about_something_else_than_messages_opens_nothing(runtime: Runtime, service: Service):
    ana = make_visitor(runtime, remote_id="77")
    make_subscription(runtime, service, ana, wrote_first_at=None)
    heads = f"{HEADS},About"
    file = brought(runtime, f"77,,{YES},email", f"77,,{YES},messages", heads=heads)
    staging.map_columns(runtime, file.id, file.mapping, {"account": str(service.id)})

    shown = staging.preview(runtime, staging.get(runtime, file.id))

    assert [(row.outcome, row.field) for row in shown] == [("wrong", "scope"), ("agreed", "")]


def test_who_is_erased_stands_in_no_file_that_waits(runtime: Runtime, service: Service):
    ana = make_visitor(runtime, handle="ana", remote_id="77")
    file = brought(runtime, f"77,,{YES}", f",@Ana,{YES}", f"88,bo,{YES}")

    erasing.erase(runtime, wishes.ask(runtime, ana.id).id, "ana")

    assert staging.get(runtime, file.id).total == 1
    piece = staging.piece_of(runtime, file.id)
    assert piece
    assert [cells[0] for _line, cells in piece.rows] == ["88"]
