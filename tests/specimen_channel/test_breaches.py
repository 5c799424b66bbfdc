"""The rules about sessions, events, media, figures, sign-in, corrections find who breaks them."""

import time

import pytest

from channels.testing import ChannelContract, FakeContext, FakeWire
from channels.testing.calls import CALLS
from channels.testing.watch import Watch
from tests.specimen_channel import careless
from tests.specimen_channel.specimen import Specimen
from tests.specimen_channel.test_specimen import TestSpecimen as Sound

CALL = {item.name: item for item in CALLS}
ADDRESS = "test_the_address_asks_for_this_sign_in_and_hides_its_secret"
KEPT = "test_what_another_worker_kept_is_not_overwritten"
CORRECTS = "test_a_correction_names_the_post_and_sends_its_text"
BREACHES = [
    ("sessions", careless.Immortal, "test_a_refresh_brings_tokens_that_end_later", "ended already"),
    ("sessions", careless.Forgetful, "test_what_a_refresh_brought_is_used_from_then_on", "none of"),
    ("sessions", careless.Hoarding, "test_the_core_keeps_what_a_refresh_brought", "by itself"),
    ("sessions", careless.Telltale, "test_new_tokens_are_shown_nowhere", "in the log"),
    ("sessions", careless.Curious, "test_whether_a_session_ends_is_told_without_the_network",
     "ask no network"),
    ("sessions", careless.Mistaken, "test_a_token_that_is_used_up_is_the_one_that_is_sent",
     "another token"),
    ("moving", careless.Keyless, "test_a_trade_sends_the_older_keys_and_brings_a_session",
     "none of the older"),
    ("sessions", careless.Hopeful, "test_a_refresh_that_is_refused_is_the_senders_fault",
     "not sender"),
    ("events", careless.Trusting, "test_a_request_that_was_changed_is_refused", "did not sign"),
    ("events", careless.Trusting, "test_a_request_with_another_key_is_refused", "did not sign"),
    ("events", careless.Loud, "test_a_request_with_another_key_is_refused", "is sender"),
    ("events", careless.Numbering, "test_every_event_has_an_id_of_its_own_that_stays", "second"),
    ("events", careless.Merging, "test_every_event_has_an_id_of_its_own_that_stays", "share an id"),
    ("events", careless.Vague, "test_a_genuine_request_tells_its_events", "names no message"),
    ("events", careless.Asking, "test_events_are_read_without_the_network", "waits"),
    ("media", careless.Blank, "test_the_bytes_of_a_picture_reach_the_network", "sends the same"),
    ("media", careless.Impatient, "test_an_upload_returns_what_the_network_holds", "with ask_at"),
    ("posts", careless.Bare, "test_a_post_names_the_media_that_belong_to_it", "does not name its"),
    ("metrics", careless.Zeroing, "test_a_figure_that_is_not_told_is_absent", "made up"),
    ("metrics", careless.Inventing, "test_figures_are_of_the_posts_that_were_asked_about",
     "names every figure"),
    ("sign_in", careless.Stateless, ADDRESS, "hold the state"),
    ("sign_in", careless.Showing, ADDRESS, "is a secret"),
    ("sign_in", careless.Unproved, "test_the_exchange_shows_code_and_verifier", "send the veri"),
    ("sign_in", careless.Greedy, "test_a_sign_in_asks_for_what_it_is_told_to_ask_for", "leaves"),
    ("editing", careless.Mistaking, CORRECTS, "names no post"),
    ("editing", careless.Deaf, CORRECTS, "sends no text"),
    ("posts", careless.Overwriting, KEPT, "writes last over"),
    ("posts", careless.Rotating, KEPT, "writes access_token over"),
]  # fmt: skip


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Watch:
    caplog.set_level("DEBUG")
    context = FakeContext(secrets=Sound.secrets, settings=Sound.settings)
    watch = Watch(wire=FakeWire(), context=context, logs=caplog)
    watch.wire.install(monkeypatch)
    monkeypatch.setattr(time, "sleep", watch.sleeps.append)
    return watch


@pytest.mark.parametrize(
    ("part", "broken", "rule", "said"), BREACHES, ids=[item[1].__name__ for item in BREACHES]
)
def test_a_breach_is_found(watch: Watch, part: str, broken: type, rule: str, said: str):
    class Careless(Specimen):
        pass

    setattr(Careless, part, broken())

    class Suite(ChannelContract):
        channel = Careless()
        scripts, secrets, settings = Sound.scripts, Sound.secrets, Sound.settings
        event_requests = Sound.event_requests

    function = getattr(Suite, rule)
    names = function.__code__.co_varnames[1 : function.__code__.co_argcount]
    lent = {"watch": watch, "call": CALL["publish"]}

    with pytest.raises(AssertionError, match=said):
        function(Suite(), **{name: lent[name] for name in names})
