"""X keeps the contract, against the answers of its documentation."""

from channels.testing import Answer, ChannelContract
from plugins.x.channel import XChannel

ME = {
    "id": "1001",
    "username": "ateliernord",
    "name": "Atelier Nord",
    "protected": False,
    "public_metrics": {"followers_count": 2, "following_count": 1, "post_count": 7},
}
ANNA = {"id": "2001", "username": "anna", "name": "Anna", "receives_your_dm": True}
BO = {"id": "2002", "username": "bo", "name": "Bo"}
TEXT = "Hello from the contract suite."


def said(number: int, sender: str, text: str, minute: int) -> dict:
    return {
        "id": str(number),
        "event_type": "MessageCreate",
        "sender_id": sender,
        "text": text,
        "created_at": f"2026-11-23T11:{minute}:00.000Z",
    }


OWN = said(4002, "1001", TEXT, 58)
LATEST = {"id": "3001", "text": "Spring", "created_at": "2026-11-20T09:00:00.000Z"}


class TestX(ChannelContract):
    channel = XChannel()
    text = TEXT
    secrets = {
        "consumer_key": "ck-4711-made-up",
        "consumer_secret": "cs-4712-made-up",
        "access_token": "1001-at-4713-made-up",
        "access_token_secret": "ats-4714-made-up",
    }
    scripts = {
        "connect": [Answer(json={"data": ME}), Answer(json={"data": [LATEST]})],
        "audience": [
            Answer(json={"data": [ANNA], "meta": {"result_count": 1, "next_token": "p2"}}),
            Answer(json={"data": [BO], "meta": {"result_count": 1}}),
        ],
        "inbox": [
            Answer(
                json={
                    "data": [OWN, said(4001, "2001", "STOP", 50)],
                    "includes": {"users": [ANNA]},
                    "meta": {"result_count": 2},
                }
            )
        ],
        "publish": [Answer(status=201, json={"data": {"id": "3002", "text": TEXT}})],
        "delete": [Answer(json={"data": {"deleted": True}})],
        "send": [Answer(status=201, json={"data": {"dm_event_id": "4002"}})],
        "find_sent": [Answer(json={"data": [OWN], "meta": {"result_count": 1}})],
        "find_not_sent": [Answer(json={"meta": {"result_count": 0}})],
    }
