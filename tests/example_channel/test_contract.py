"""The example keeps the contract."""

from channels.testing import Answer, ChannelContract, registered
from tests.example_channel.fanfare_notice import Notice

ME = {"id": "1001", "handle": "ateliernord", "name": "Atelier Nord"}
ANNA = {"id": "2001", "handle": "anna", "name": "Anna"}
BO = {"id": "2002", "handle": "bo", "name": "Bo"}
TEXT = ChannelContract.text
LETTER = {"id": "4001", "from": ANNA, "text": "Stop!", "at": "2026-11-23T11:50:00Z"}
SENT = {"id": "4002", "text": TEXT, "at": "2026-11-23T11:58:00Z"}


class TestNotice(ChannelContract):
    channel = Notice()
    settings = {"address": "https://board.example"}
    secrets = {"token": "tok-4711-made-up"}
    scripts = {
        "connect": [Answer(json=ME)],
        "audience": [
            Answer(json={"people": [ANNA], "next": "2"}),
            Answer(json={"people": [BO], "next": None}),
        ],
        "inbox": [Answer(json={"letters": [LETTER], "next": None})],
        "publish": [Answer(status=201, json={"id": "3001"})],
        "delete": [Answer(status=204)],
        "send": [Answer(status=201, json={"id": "4002"})],
        "find_sent": [Answer(json={"sent": [SENT]})],
        "find_not_sent": [Answer(json={"sent": []})],
    }


def test_fanfare_offers_the_channel():
    with registered(Notice()) as instance:
        said = instance.run("plugin", "list", "--json")

    assert '"channels": "notice"' in said.out, said.err
