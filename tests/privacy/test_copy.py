"""A copy holds all that is stored about somebody, and nothing about anybody else."""

import json

from tests.privacy.conftest import WORDS, Known
from tests.support.factories import actions
from tests.support.traces import rows_with
from webapp.kernel.runtime import Runtime
from webapp.privacy import copy


def test_all_that_is_stored_about_somebody_is_in_their_copy(runtime: Runtime, known: Known):
    document = copy.document(runtime, known.visitor.id)
    text = json.dumps(document, ensure_ascii=False).casefold()

    assert document["person"][0]["remote_id"] == "z90210z"
    assert [item["text"] for item in document["received_messages"]] == [
        *("Is there a tintenklecks?", "YES")
    ]
    assert {word for word in WORDS if word not in text} == set()
    sent = [item["text"] for row in document["messages"] for item in row["attempts"]]
    assert len(sent) == 2
    assert all(text in str(sent) for text in ("Hi Zerlinde, spring is here.", "The sofarot sofa"))


def test_nobody_else_is_in_it(runtime: Runtime, known: Known):
    others = [row for row in rows_with(runtime, "person ") if row.startswith("visitor.name")]
    assert others

    text = json.dumps(copy.document(runtime, known.visitor.id), ensure_ascii=False)

    assert not [row for row in others if row.partition(": ")[2] in text]


def test_the_audit_says_that_a_copy_was_made(runtime: Runtime, known: Known):
    copy.document(runtime, known.visitor.id)

    assert actions(runtime)[-1] == "visitor.copy"
