"""The app's own token reads what is public, as X would let it, and does nothing else."""

import pytest
import requests

from plugins.x.sandbox.seed import CONSUMER_KEY, CONSUMER_SECRET
from tests.plugins.x.sandbox.running import IDS, RunningSandbox

BRAND, PROOF = IDS["ateliernord"], IDS["atelier_proof"]
PUBLIC = [
    f"/2/users/{BRAND}",
    "/2/users/by/username/ateliernord",
    f"/2/users?ids={BRAND},{PROOF}",
    "/2/users/by?usernames=ateliernord",
    f"/2/users/{BRAND}/followers",
    f"/2/users/{BRAND}/tweets",
    "/2/tweets?ids=12",
    "/2/tweets/12",
]
PRIVATE = [
    ("GET", "/2/users/me"),
    ("GET", "/2/dm_events"),
    ("GET", f"/2/dm_conversations/with/{PROOF}/dm_events"),
    ("POST", f"/2/dm_conversations/with/{PROOF}/messages"),
    ("POST", "/2/tweets"),
    ("DELETE", "/2/tweets/12"),
]


class App(requests.Session):
    """A client with the app's own token."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        keys = (CONSUMER_KEY, CONSUMER_SECRET)
        asked = {"grant_type": "client_credentials"}
        made = self.post("/oauth2/token", data=asked, auth=keys).json()
        self.headers["Authorization"] = f"Bearer {made['access_token']}"

    def request(self, method: str, url: str, *args, **more) -> requests.Response:
        return super().request(method, self.url + url, *args, timeout=20, **more)


@pytest.fixture
def client(sandbox: RunningSandbox) -> App:
    return App(sandbox.url)


@pytest.mark.parametrize("path", PUBLIC)
def test_what_is_public_is_read(client: App, path: str):
    answer = client.get(path)

    assert answer.status_code == 200
    assert int(answer.headers["x-rate-limit-remaining"]) > 0


@pytest.mark.parametrize(("method", "path"), PRIVATE)
def test_what_takes_an_account_is_refused(
    client: App, sandbox: RunningSandbox, method: str, path: str
):
    answer = client.request(method, path, json={"text": "Hello"} if method == "POST" else None)

    assert answer.status_code == 403
    assert answer.json()["type"].endswith("/unsupported-authentication")
    assert sandbox.accepted("post") + sandbox.accepted("direct") == 0


def test_an_app_sees_no_protected_posts_and_nothing_about_itself(client: App):
    fields = {"user.fields": "receives_your_dm,connection_status,verified"}
    user = client.get(f"/2/users/{BRAND}", params=fields).json()["data"]

    assert {"receives_your_dm", "connection_status"} & {*user} == set()
    assert "data" not in client.get(f"/2/users/{PROOF}/tweets").json()


@pytest.mark.parametrize("token", ["", "made-up", "né"])
def test_a_token_nobody_was_given_is_refused(sandbox: RunningSandbox, token: str):
    given = {"Authorization": f"Bearer {token}".encode("latin-1")}

    answer = requests.get(f"{sandbox.url}/2/users/{BRAND}", headers=given, timeout=20)

    assert answer.status_code == 401


def test_the_window_of_an_app_is_its_own(client: App, sandbox: RunningSandbox):
    sandbox.tell("limits", operation="user", user=0)

    assert client.get(f"/2/users/{BRAND}").headers["x-rate-limit-limit"] == "300"
