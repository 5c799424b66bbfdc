"""Where a link leads: sign for sign what was typed, with what is added behind it."""

import pytest

from webapp.tracking import addresses

CAMPAIGN = {"utm_source": "x"}


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("https://faß.de/a", "https://xn--fa-hia.de/a"),
        ("https://i❤.ws/", "https://xn--i-7iq.ws/"),
        ("https://shop.example/%E9?a&b=&c=%2F;d#x", "https://shop.example/%E9?a&b=&c=%2F;d#x"),
        ("https://shop.example/é?q=ü", "https://shop.example/%C3%A9?q=%C3%BC"),
        ("https://shop.example:8443/a b", "https://shop.example:8443/a%20b"),
        ("https://shop.example/\r\nSet-Cookie: a", "https://shop.example/%0D%0ASet-Cookie:%20a"),
    ],
)
def test_an_address_goes_out_as_it_was_typed(typed: str, sent: str):
    assert addresses.sent_to(typed) == sent


@pytest.mark.parametrize(
    ("typed", "led_to"),
    [
        ("https://a.example", "https://a.example?utm_source=x"),
        ("https://a.example/?b", "https://a.example/?b&utm_source=x"),
        ("https://a.example/?#top", "https://a.example/?utm_source=x#top"),
        ("https://a.example/#a?b", "https://a.example/?utm_source=x#a?b"),
        ("https://a.example/?UTM_medium=mail", "https://a.example/?UTM_medium=mail"),
    ],
)
def test_a_campaign_is_added_behind_the_query_and_never_twice(typed: str, led_to: str):
    assert addresses.with_campaign(typed, CAMPAIGN) == led_to
