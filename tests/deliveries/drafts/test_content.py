"""Tokens are the same in every language, and what was sealed with older ones holds."""

import flask_babel
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.deliveries import begin, proved, ready
from tests.support.factories import make_delivery, make_service, make_subscription, make_visitor
from tests.support.fake_network import FakeNetwork
from webapp.audience.readers import Reader
from webapp.deliveries import analysis, proofs, sending
from webapp.deliveries.drafts import content, copying
from webapp.deliveries.models import Delivery
from webapp.deliveries.variants import seal
from webapp.kernel import catalogues
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

OLD = "Hi {first name|there} ({full name}), spring is here. {opt-out line}"
NEW = "Hi {first_name|there} ({full_name}), spring is here. {opt_out_line}"
NAMES = ("{first name}", "{opt-out line|x}", "{username}", "{city}", "{first_name}")
TEXTS = st.lists(st.sampled_from(["Hi", " ", "{", "}", "|", "name", *NAMES]))


class French:
    """A catalogue that knows one sentence."""

    def ugettext(self, source: str) -> str:
        locale = str(flask_babel.get_locale())
        return "Écrivez STOP." if locale == "fr" and source.startswith("Write STOP") else source


@pytest.fixture
def french(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogues.Catalogues, "get_translations", lambda _domain: French())


def test_older_tokens_say_what_the_new_ones_say(runtime: Runtime):
    person = make_visitor(runtime, name="Mia Berg", first_name="Mia")

    assert content.render(OLD, person, "en") == content.render(NEW, person, "en")
    assert content.render(OLD, None, "en") == content.render(NEW, None, "en")
    assert content.names(OLD) == content.names(NEW)
    assert content.stands_alone("{first name}", content.FIRST_NAME)


@given(TEXTS.map("".join))
def test_every_token_that_is_named_is_known_or_told(text: str):
    known = set(content.fields())
    told = content.render(text, None, "en").unknown

    assert set(content.names(text)) - known == set(told)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("https://a.example/{full_name}?x=1", "https://a.example/A%26B%20%2F%20C%23?x=1"),
        ("a.example/?u={full_name}&v={username}.", "a.example/?u=A%26B%20%2F%20C%23&v=ab."),
        ("Hi {full_name}, and/or {full_name}", "Hi A&B / C#, and/or A&B / C#"),
        (
            "https://a.example/?c={first_name|du da&d=1} {full_name}",
            "https://a.example/?c=du%20da&d=1 A&B / C#",
        ),
    ],
)
def test_within_a_link_what_a_person_is_called_is_one_value(text: str, said: str):
    who = Reader("1", "ab", "A&B / C#", "", None, None, None, None, None)

    assert content.render(text, who, "en").text == said


def test_a_text_sealed_with_older_tokens_goes_out_as_it_was_approved(
    runtime: Runtime, network: FakeNetwork
):
    service, account = make_service(runtime), make_service(runtime)
    draft = ready(runtime, service, 1, content=OLD, proof_service_id=account.id)
    proofs.approve(runtime, proved(runtime, draft).id)
    sealed = draft.content_hash
    begin(runtime, draft)
    sending.send_batch(runtime, draft.id)

    assert draft.content_hash == sealed == seal(draft)
    assert "{" not in network.directs[-1][1]
    assert network.directs[-1][1].endswith("Write STOP and we will not write again.")


@pytest.mark.usefixtures("french")
def test_messages_are_in_the_language_of_their_delivery(runtime: Runtime, network: FakeNetwork):
    service, account = make_service(runtime), make_service(runtime)
    draft = in_french(runtime, service, account)
    proved(runtime, draft)
    begin(runtime, ready_again(runtime, draft))
    sending.send_batch(runtime, draft.id)

    assert [text.endswith("Écrivez STOP.") for _who, text in network.directs] == [True, True]
    assert copying.duplicate(runtime, draft.id).language == "fr"


def in_french(runtime: Runtime, service: Service, account: Service) -> Delivery:
    """A draft that somebody made who works in French."""
    with flask_babel.force_locale("fr"):
        return make_delivery(runtime, service, proof_service_id=account.id)


def ready_again(runtime: Runtime, draft: Delivery) -> Delivery:
    """Let somebody be written to, and analyse the draft."""
    make_subscription(runtime, draft.services[0])
    analysis.start(runtime, draft.id)
    return analysis.analyse(runtime, draft.id)
