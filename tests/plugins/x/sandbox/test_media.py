"""Pictures on X: uploaded, described, shown by a post, found again and counted by the bill."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
import requests

from channels import (
    Attempt,
    ChannelError,
    ErrorKind,
    Media,
    MediaState,
    NotSent,
    Operation,
    RemoteMedia,
    Sent,
)
from channels.testing.calls import outgoing
from plugins.x import media as pieces
from plugins.x.channel import XChannel
from tests.plugins.x.sandbox.lent import Lent
from tests.plugins.x.sandbox.running import RunningSandbox
from tests.plugins.x.sandbox.test_credits import spent
from tests.plugins.x.sandbox.test_plugin import asked  # noqa: F401 - requests are as X describes
from tests.support.pictures import photo

X = XChannel()


@pytest.fixture
def lent(sandbox: RunningSandbox) -> Lent:
    return Lent(sandbox)


def picture(alt: str = "A door", number: int = 0) -> Media:
    data = photo("PNG", size=(40 + number, 20))
    return Media(mime="image/png", size=len(data), alt=alt, open=lambda: BytesIO(data))


def uploaded(lent: Lent, media: Media) -> RemoteMedia:
    held = X.media.upload(lent, media, None)
    while held.state is MediaState.UNFINISHED:
        held = X.media.upload(lent, media, held)
    return held


def posting(text: str, *ids: str):
    part = outgoing(text).parts[0]
    shown = tuple(
        Media(mime="image/png", size=1, alt="", open=BytesIO, remote_id=one) for one in ids
    )
    plain = outgoing(text)
    return type(plain)(
        key=plain.key, made_at=plain.made_at, parts=(type(part)(text=text, media=shown),)
    )


def test_a_post_shows_its_picture_with_its_words_on_the_timeline(
    lent: Lent, sandbox: RunningSandbox
):
    held = uploaded(lent, picture("A red <door>"))
    X.posts.publish(lent, posting("Spring", held.remote_id))

    page = requests.get(f"{sandbox.url}/timeline/ateliernord", timeout=5).text
    shown = requests.get(f"{sandbox.url}/media/{held.remote_id}", timeout=5)

    assert f'src="/media/{held.remote_id}" alt="A red &lt;door&gt;"' in page
    assert (shown.headers["Content-Type"], shown.content) == (
        "image/png",
        picture().open().read(),
    )
    assert held.expires_at == lent.now() + timedelta(hours=24)


def test_a_large_picture_is_read_and_sent_in_pieces(
    lent: Lent, sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(pieces, "PIECE", 50)
    held = uploaded(lent, picture())

    X.posts.publish(lent, posting("", held.remote_id))

    shown = requests.get(f"{sandbox.url}/media/{held.remote_id}", timeout=5)
    assert shown.content == picture().open().read()


def test_a_post_is_found_again_by_its_picture_or_its_words(lent: Lent):
    first = uploaded(lent, picture())
    other = uploaded(lent, picture(number=1))
    started = lent.now()
    sent = X.posts.publish(lent, posting("", first.remote_id))
    told = X.posts.publish(lent, posting("Spring https://atelier.example/a", other.remote_id))

    def find(text: str, *ids: str) -> object:
        attempt = Attempt(
            operation=Operation.POST, text=text, started_at=started, media=frozenset(ids)
        )
        lent.sandbox.advance(hours=1)
        return X.reconciliation.find_sent(lent, attempt)

    assert find("", first.remote_id) == Sent(remote_id=sent.remote_id, url=sent.url)
    assert find("Spring https://atelier.example/a", "77").remote_id == told.remote_id
    assert find("", "77") == NotSent()


def test_an_upload_that_is_over_is_named_as_such_and_not_held_against_the_text(lent: Lent):
    held = uploaded(lent, picture())
    lent.sandbox.advance(hours=25)

    with pytest.raises(ChannelError) as raised:
        X.posts.publish(lent, posting("Spring", held.remote_id))

    assert (raised.value.kind, raised.value.code) == (ErrorKind.TEMPORARY, "media_gone")


def test_a_half_done_upload_that_is_over_is_named_as_such_and_no_person_is_gone(
    lent: Lent, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(pieces, "PIECE", 50)
    begun = X.media.upload(lent, picture(), None)
    lent.sandbox.advance(hours=25)

    for step in (
        lambda: X.media.upload(lent, picture(), begun),
        lambda: X.media.state(lent, begun.remote_id),
    ):
        with pytest.raises(ChannelError) as raised:
            step()
        assert (raised.value.kind, raised.value.code) == (ErrorKind.TEMPORARY, "media_gone")


def test_the_bill_is_what_the_plugin_says(lent: Lent, sandbox: RunningSandbox):
    prices = {(item.operation.name, item.variant): item.amount for item in X.limits.prices(lent)}
    before = spent(sandbox)

    uploaded(lent, picture())
    assert spent(sandbox) - before == prices["upload", "described"] == Decimal("0.020")

    uploaded(lent, picture(""))
    assert spent(sandbox) - before == Decimal("0.020") + prices["upload", ""]


def test_what_is_no_picture_is_refused_for_good(lent: Lent):
    data = b"no picture"
    media = Media(mime="image/png", size=len(data), alt="", open=lambda: BytesIO(data))

    with pytest.raises(ChannelError) as raised:
        X.media.upload(lent, media, None)

    assert raised.value.kind is ErrorKind.PERMANENT
