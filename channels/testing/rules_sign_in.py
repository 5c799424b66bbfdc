"""Rules about sign-in: nothing secret stands in an address, and each sign-in is its own."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

from channels.signing_in import Granted, SharedProfile
from channels.testing.asked import said_by
from channels.testing.calls import CODE, SIGN_IN
from channels.testing.rules import Rules, about
from channels.testing.watch import Watch, names_in


class SignInRules(Rules):
    """Who comes back is who left, and what they share is what they were shown."""

    @about("sign_in")
    def test_the_address_asks_for_this_sign_in_and_hides_its_secret(self, watch: Watch) -> None:
        part = self.channel.sign_in
        assert part is not None
        address = watch.make("authorise", lambda: part.authorise(watch.context, SIGN_IN))
        where = urlsplit(str(address))
        asked = [text for values in parse_qs(where.query).values() for text in values]

        assert watch.wire.exchanges == [], "authorise makes an address, and asks no network."
        assert where.scheme == "https", f"{address} is no address over HTTPS."
        for name in ("state", "challenge", "redirect_uri"):
            assert getattr(SIGN_IN, name) in asked, f"The address does not hold the {name}."
        assert SIGN_IN.verifier not in str(address), "The verifier is a secret until the exchange."

    @about("sign_in")
    def test_the_exchange_shows_code_and_verifier(self, watch: Watch) -> None:
        granted = self.read(watch, "exchange")
        (exchange,) = watch.wire.exchanges
        said = " ".join(said_by(exchange).values())

        assert isinstance(granted, Granted), f"exchange returned {granted!r}."
        assert granted.secrets, "An exchange brings at least one token."
        assert granted.scopes, "Say which scopes were granted; the person may have refused some."
        assert names_in(repr(granted), granted.secrets) == []
        assert CODE in said, "The exchange does not send the code."
        assert SIGN_IN.verifier in said, "The exchange does not send the verifier of PKCE."
        assert names_in(exchange.url, {"code": CODE, "verifier": SIGN_IN.verifier}) == []

    @about("sign_in")
    def test_a_sign_in_asks_for_what_it_is_told_to_ask_for(self, watch: Watch) -> None:
        part = self.channel.sign_in
        assert part is not None
        other = replace(SIGN_IN, scopes=("scope-of-the-suite",))

        address = str(part.authorise(watch.context, other))
        assert "scope-of-the-suite" in address, "The address leaves out the scopes it is given."

    @about("sharing")
    def test_what_people_share_names_its_scopes(self) -> None:
        part = self.channel.sharing
        assert part is not None
        assert self.channel.sign_in is not None, "People share by signing in: set sign_in, too."
        told = part.fields()

        assert told.get("person"), "Say under person which scopes tell who it is."
        for name, scopes in told.items():
            assert not isinstance(scopes, str), f"{name} has one text; return a sequence."
            assert scopes, f"{name} names no scope."

    @about("sign_in")
    def test_the_profile_is_of_a_person(self, watch: Watch) -> None:
        profile = self.read(watch, "profile")

        assert isinstance(profile, SharedProfile), f"profile returned {profile!r}."
        assert profile.person.remote_id != self.remote_id, "The person who signs in is no account."
