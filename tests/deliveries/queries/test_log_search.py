"""The log is searched by how any word of a name or username begins, as the visitors are."""

import pytest

from tests.support.deliveries import begin
from tests.support.factories import make_delivery, make_subscription, make_visitor
from webapp.deliveries import analysis
from webapp.deliveries.models import Delivery
from webapp.deliveries.queries import log
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

NAMES = {"ada": "Ada Lovelace", "anna": "Anna Ådal", "bo_ada": "Bo Berg"}


@pytest.fixture
def delivery(runtime: Runtime, service: Service) -> Delivery:
    """A delivery to three people; a fourth is known and gets nothing."""
    for handle, name in NAMES.items():
        visitor = make_visitor(runtime, handle=handle, name=name)
        make_subscription(runtime, service, visitor=visitor)
    draft = make_delivery(runtime, service)
    analysis.start(runtime, draft.id)
    analysis.analyse(runtime, draft.id)
    make_visitor(runtime, handle="ada_who", name="Ada Who")
    return begin(runtime, draft)


def found(runtime: Runtime, delivery: Delivery, words: str) -> set[str]:
    page = log.log_page(runtime, delivery.id, log.Query(words=words))
    return {row.visitor.handle for row in page.messages if row.visitor}


@pytest.mark.parametrize("few", [2_000, 0])
@pytest.mark.parametrize(
    ("words", "handles"),
    [
        ("ada", {"ada", "anna"}),
        ("@ada", {"ada", "anna"}),
        ("ADA love", {"ada"}),
        ("berg bo", {"bo_ada"}),
        ("love berg", set()),
        ("zzq", set()),
        ("♥", set()),
    ],
)
def test_every_word_begins_a_word_of_the_name_or_username(
    runtime: Runtime,
    delivery: Delivery,
    monkeypatch: pytest.MonkeyPatch,
    few: int,
    words: str,
    handles: set[str],
):
    """Whether few people have the words, who are looked up, or many, who are met along the log."""
    monkeypatch.setattr(log, "FEW", few)
    expected = {"ada", "anna"} if words == "@ada" else handles

    assert found(runtime, delivery, words) == expected
