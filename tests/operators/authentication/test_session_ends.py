"""When a session ends by itself, what is stored of it, and how a browser is told in words."""

from datetime import timedelta

import pytest

from webapp.kernel.runtime import Runtime
from webapp.operators.accounts import team
from webapp.operators.authentication import sessions, user_agents
from webapp.operators.models import Role

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)


@pytest.fixture
def ines(runtime: Runtime) -> int:
    """The number of an operator."""
    return team.create(runtime, name="Inès", email="i@fanfare.example", role=Role.ADMIN).id


@pytest.mark.parametrize(
    ("stay", "idle", "lives"),
    [
        (False, sessions.IDLE - timedelta(minutes=1), True),
        (False, sessions.IDLE + timedelta(minutes=1), False),
        (True, sessions.STAYS - timedelta(minutes=1), True),
        (True, sessions.STAYS + timedelta(minutes=1), False),
    ],
)
def test_a_session_ends_after_a_silence_unless_it_was_to_stay(
    runtime: Runtime, ines: int, idle: timedelta, *, stay: bool, lives: bool
):
    operator = team.get(runtime, ines)
    begun, token = sessions.begin(runtime, operator, agent="", address="", stay=stay)
    for name in ("created_at", "seen_at", "ends_at"):
        setattr(begun, name, getattr(begun, name) - idle)
    runtime.session.commit()

    assert (sessions.resume(runtime, token) is not None) is lives


def test_nothing_prolongs_a_session_beyond_its_end(runtime: Runtime, ines: int):
    begun, token = sessions.begin(runtime, team.get(runtime, ines), agent="", address="")
    begun.ends_at -= sessions.LASTS
    runtime.session.commit()

    assert sessions.resume(runtime, token) is None


def test_only_the_hash_of_a_token_is_stored(runtime: Runtime, ines: int):
    begun, token = sessions.begin(runtime, team.get(runtime, ines), agent="", address="")

    assert token not in str(vars(begun))


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (FIREFOX, "Firefox on Linux"),
        (EDGE, "Edge on Windows"),
        (IPHONE, "Safari on iPhone"),
        ("curl/8.5.0", "curl"),
        ("", "unknown browser"),
    ],
)
def test_a_browser_is_told_in_words(agent: str, said: str):
    assert user_agents.words(agent) == said
