"""Rules about sessions: renewed tokens are told whole, used from then on, and shown nowhere."""

from datetime import datetime
from typing import ClassVar

from channels.errors import ErrorKind
from channels.sessions import Session
from channels.testing.asked import said_by
from channels.testing.calls import Call
from channels.testing.rules import Rules, about
from channels.testing.watch import Watch, names_in
from channels.testing.wire import Answer


class SessionRules(Rules):
    """An account is disconnected only where the network says that its tokens are worth nothing."""

    refused_refresh: ClassVar[Answer]

    @about("sessions")
    def test_whether_a_session_ends_is_told_without_the_network(self, watch: Watch) -> None:
        part = self.channel.sessions
        assert part is not None
        ends = watch.make("expires_at", lambda: part.expires_at(watch.context))

        assert watch.wire.exchanges == [], "expires_at is asked before each call; ask no network."
        assert ends is None or isinstance(ends, datetime), f"expires_at returned {ends!r}."

    @about("sessions")
    def test_a_refresh_brings_tokens_that_end_later(self, watch: Watch) -> None:
        session = self.refreshed(watch)

        assert session.secrets, "A refresh brings at least one token."
        assert all(session.secrets.values()), "An empty token is none."
        lasts = session.expires_at is None or session.expires_at > watch.context.now()
        assert lasts, f"The new tokens ended already, at {session.expires_at}."

    @about("sessions")
    def test_what_a_refresh_brought_is_used_from_then_on(self, watch: Watch) -> None:
        session = self.refreshed(watch)
        watch.context.sealed |= session.secrets
        watch.context.state |= session.state
        self.answered(watch, self.call_of("connect"))

        sent = " ".join(
            f"{text} {item.body!r}"
            for item in watch.wire.exchanges
            for text in (*item.headers.values(), "")
        )
        assert names_in(sent, session.secrets), (
            "The next call carries none of the new tokens. Read them by context.secret, under the "
            f"names of Session.secrets: {', '.join(session.secrets)}."
        )

    @about("sessions")
    def test_the_core_keeps_what_a_refresh_brought(self, watch: Watch) -> None:
        before = dict(watch.context.sealed)
        self.refreshed(watch)

        assert watch.context.sealed == before, "Return the tokens; the core keeps them by itself."

    @about("sessions")
    def test_a_token_that_is_used_up_is_the_one_that_is_sent(self, watch: Watch) -> None:
        part = self.channel.sessions
        assert part is not None
        spent = part.uses_up(watch.context)
        assert watch.wire.exchanges == [], "uses_up is asked before each refresh; ask no network."
        self.refreshed(watch)

        said = " ".join(said_by(watch.wire.exchanges[0]).values())
        assert spent in said, "uses_up names another token than refresh sends."

    @about("moving")
    def test_a_trade_sends_the_older_keys_and_brings_a_session(self, watch: Watch) -> None:
        part = self.channel.moving
        assert part is not None
        keys = tuple(part.keys())
        session = self.well(watch, self.call_of("trade"))
        said = " ".join(said_by(watch.wire.exchanges[0]).values())

        assert isinstance(session, Session), f"trade returned {session!r}."
        assert set(keys) <= set(self.secrets), "keys names a secret that no form asks for."
        assert names_in(said, {name: self.secrets[name] for name in keys}), (
            "The trade sends none of the older keys."
        )

    @about("moving")
    def test_keys_that_are_not_traded_are_the_senders_fault(self, watch: Watch) -> None:
        call = self.call_of("trade")

        self.error(self.lost(watch, call, self.refused_refresh), call, ErrorKind.SENDER)

    @about("sessions")
    def test_new_tokens_are_shown_nowhere(self, watch: Watch) -> None:
        session = self.refreshed(watch)
        places = {
            "the log": watch.logs.text,
            "a text of the session": repr(session),
            "a URL": " ".join(item.url for item in watch.wire.exchanges),
            "its plain state": repr(dict(session.state)),
        }

        for place, text in places.items():
            assert names_in(text, session.secrets) == [], f"A new token stands in {place}."

    @about("sessions")
    def test_a_refresh_that_is_refused_is_the_senders_fault(self, watch: Watch) -> None:
        call = self.call_of("refresh")

        self.error(self.lost(watch, call, self.refused_refresh), call, ErrorKind.SENDER)

    def refreshed(self, watch: Watch) -> Session:
        """Return the session that the script brings."""
        call: Call = self.call_of("refresh")
        session = self.well(watch, call)
        assert isinstance(session, Session), f"refresh returned {session!r}."
        return session
