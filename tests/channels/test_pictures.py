"""Pictures come from the hosts that channels declare, and from no other."""

from dataclasses import dataclass

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient

from channels import Channel, CheckState, inspection
from channels.pictures import lies_in
from channels.testing.rules_reading import ReadingRules
from channels.values import Account, AudiencePage, Person
from tests.support.fakes import FakeChannel, FakeNetwork
from webapp.kernel.config.settings import Settings
from webapp.kernel.plugins.registry import Registry

HOSTS = ("pbs.twimg.com", "*.cdn.example")


@pytest.mark.parametrize(
    ("url", "lies"),
    [
        ("https://pbs.twimg.com/profile_images/1/a.jpg", True),
        ("https://pbs.twimg.com:443/a.jpg", True),
        ("https://a.cdn.example/x", True),
        ("https://a.b.cdn.example/x", True),
        ("https://cdn.example/x", False),
        ("https://evilcdn.example/x", False),
        ("http://pbs.twimg.com/a.jpg", False),
        ("https://pbs.twimg.com:8443/a.jpg", False),
        ("https://pbs.twimg.com@evil.example/a.jpg", False),
        ("https://evil.example/pbs.twimg.com", False),
        ("https://pbs.twimg.com.evil.example/", False),
        ("//pbs.twimg.com/a.jpg", False),
        ("https://[::1", False),
        ("javascript:alert(1)", False),
        ("", False),
    ],
)
def test_a_picture_lies_in_a_declared_host_or_not(url: str, *, lies: bool):
    assert lies_in(url, HOSTS) is lies


@pytest.mark.parametrize(
    "hosts",
    [
        ("*",), ("https://pbs.twimg.com",), ("pbs.twimg.com/a",), ("pbs.twimg.com; script-src *",),
        ("localhost",), ("a.*.example",), ("PBS.twimg.com",), (None,), "pbs.twimg.com", ("",),
    ],
)  # fmt: skip
def test_what_is_no_name_of_a_host_is_refused_with_an_example(hosts: object):
    channel = type("Odd", (FakeChannel,), {"image_hosts": hosts})(FakeNetwork())

    found = inspection._image_hosts(channel)

    assert found.state is CheckState.ERROR
    assert "such as pbs.twimg.com" in found.detail


def test_the_policy_names_the_hosts_of_the_channels_and_no_wildcard(client: FlaskClient):
    policy = client.get("/login").headers["Content-Security-Policy"]

    pictures = next(part for part in policy.split("; ") if part.startswith("img-src"))
    assert pictures == "img-src 'self' data: https://abs.twimg.com https://pbs.twimg.com"


def test_without_a_channel_no_host_is_named(settings: Settings, app_on):
    client = app_on(settings, Registry()).test_client()

    assert "img-src 'self' data:; " in client.get("/healthz").headers["Content-Security-Policy"]


def test_initials_stand_in_place_of_a_picture_from_elsewhere(app: Flask):
    page = (
        "{% import '_macros/ui.html' as ui %}"
        "{{ ui.avatar('Inès Laurent', 28, image='https://pbs.twimg.com/a.jpg') }}"
        "{{ ui.avatar('Jonas Berg', 28, image='https://tracker.example/a.jpg') }}"
    )
    with app.test_request_context():
        drawn = render_template_string(page)

    assert 'src="https://pbs.twimg.com/a.jpg"' in drawn
    assert "tracker.example" not in drawn
    assert "JB" in drawn


@dataclass
class Kit(ReadingRules):
    """The rule of the kit, on a channel that reads one person."""

    url: str | None
    channel: Channel

    def read(self, _watch: object, name: str) -> object:
        who = {"remote_id": "1", "handle": "ines", "name": "Inès", "avatar_url": self.url}
        if name == "connect":
            return Account(remote_id="1", handle="ines", name="Inès")
        return (AudiencePage(people=(Person(**who),), next_cursor=None),)


@pytest.mark.parametrize(
    ("url", "kept"),
    [("https://pbs.twimg.com/a.jpg", True), (None, True), ("https://else.example/a.jpg", False)],
)
def test_the_contract_kit_holds_the_pictures_of_people_against_the_hosts(
    network: FakeNetwork, url: str | None, *, kept: bool
):
    channel = type("Reader", (FakeChannel,), {"image_hosts": HOSTS})(network)
    channel.inbox = None
    kit = Kit(url, channel)

    def held() -> None:
        kit.test_every_picture_comes_from_a_declared_host(None)

    if kept:
        held()
    else:
        with pytest.raises(AssertionError, match="Add the host to image_hosts"):
            held()
