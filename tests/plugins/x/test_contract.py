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


TOKENS = {
    "access_token": "ot-4721-made-up",
    "refresh_token": "or-4722-made-up",
    "expires_in": 7200,
    "scope": "tweet.read users.read offline.access",
}


class FourKeys(XChannel):
    """The channel of an account whose people never signed in."""

    sessions = moving = sign_in = sharing = None


class TestFourKeys(ChannelContract):
    channel = FourKeys()
    text = TEXT
    secrets = {
        "consumer_key": "ck-4711-made-up",
        "consumer_secret": "cs-4712-made-up",
        "access_token": "1001-at-4713-made-up",
        "access_token_secret": "ats-4714-made-up",
        "client_secret": "ocs-4715-made-up",
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
        "upload": [
            Answer(json={"data": {"id": "5001", "media_key": "3_5001"}}),
        ],
        "upload_further": [Answer(json={"data": {"id": "5001"}})],
        "media_state": [
            Answer(
                json={
                    "data": {
                        "id": "5001",
                        "processing_info": {"state": "pending", "check_after_secs": 5},
                    }
                }
            )
        ],
        "delete": [Answer(json={"data": {"deleted": True}})],
        "send": [Answer(status=201, json={"data": {"dm_event_id": "4002"}})],
        "metrics": [
            Answer(
                json={
                    "data": [
                        LATEST | {"public_metrics": {"like_count": 3, "impression_count": 90}},
                        LATEST | {"id": "3002", "public_metrics": {"post_count": 1}},
                    ]
                }
            )
        ],
        "find_sent": [Answer(json={"data": [OWN], "meta": {"result_count": 1}})],
        "find_not_sent": [Answer(json={"meta": {"result_count": 0}})],
    }


class TestSignedIn(TestFourKeys):
    channel = XChannel()
    settings = {"client_id": "oci-4716-made-up"}
    session = {
        "oauth2_access_token": "oat-4717-made-up",
        "oauth2_refresh_token": "ort-4718-made-up",
    }
    refused_keys = Answer(status=401, json={"error": "invalid_client"})
    scripts = TestFourKeys.scripts | {
        "refresh": [Answer(json=TOKENS)],
        "trade": [Answer(json=TOKENS)],
        "exchange": [Answer(json=TOKENS)],
        "profile": [Answer(json={"data": ANNA})],
    }
