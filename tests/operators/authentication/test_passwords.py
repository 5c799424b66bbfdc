"""Passwords that are guessed first are refused wherever one is set, with the reason."""

import base64
import random

import pytest
from flask.testing import FlaskClient

from tests.support.cli import Cli
from tests.support.factories import first_token_of
from webapp.kernel.errors import Invalid
from webapp.kernel.runtime import Runtime
from webapp.operators.accounts import team
from webapp.operators.authentication import passwords
from webapp.operators.models import Role

GOOD = "a horn in the morning"
MAIL = "ines@ateliernord.example"
ABOUT = ("Inès Laurent", MAIL)
TRIED_FIRST = "is among those that are tried first"
ROW = "it repeats itself or follows a row"
FULL_WIDTH = {sign: sign + 0xFEE0 for sign in range(0x21, 0x7F)}
KNOWN = "it holds your name, your email or the name of this product"


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("1234567890", TRIED_FIRST),
        ("password12", TRIED_FIRST),
        ("P@ssw0rd12", TRIED_FIRST),
        ("password12".translate(FULL_WIDTH), TRIED_FIRST),
        ("qwertyuiop", TRIED_FIRST),
        ("motdepasse1", TRIED_FIRST),
        ("Sommer2026!", TRIED_FIRST),
        ("¡Primavera-1998", TRIED_FIRST),
        ("aaaaaaaaaaaa", ROW),
        ("abcdefghijkl", ROW),
        ("dragon dragon", ROW),
        ("Ines Laurent 1", KNOWN),
        ("ines.laurent", KNOWN),
        ("Laurent-Inès!", KNOWN),
        (MAIL, KNOWN),
        ("ateliernord2026", KNOWN),
        ("Fanfare2026!", KNOWN),
        ("short", "at least 10 characters"),
        ("x" * 1_001, "at most 1,000 characters"),
    ],
)
def test_what_is_guessed_first_is_refused_with_the_reason(password: str, reason: str):
    assert reason in passwords.weakness(password, ABOUT)


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "correct horse battery staple",
        "zK4!pq9vLm",
        "今朝は角笛の音が聞こえた",
        "x7" * 9 + GOOD,
    ],
)
def test_a_sentence_or_ten_random_characters_are_taken(password: str):
    assert passwords.weakness(password, ABOUT) == ""


@pytest.mark.parametrize("password", ["VFoZrEDloZ", "fNborNT3as"])
def test_chance_may_put_a_word_into_what_is_random(password: str):
    assert passwords.weakness(password, ABOUT) == ""


def test_what_a_generator_makes_is_taken():
    chance = random.Random(9)
    made = [base64.urlsafe_b64encode(chance.randbytes(9)).decode() for _ in range(50)]

    assert [text for text in made if passwords.weakness(text, ABOUT)] == []


def test_the_first_run_says_it_beside_the_field(client: FlaskClient):
    token = first_token_of(client.application)
    form = {"name": "Inès Laurent", "email": MAIL, "token": token}

    common = client.post("/setup", data=form | {"password": "1234567890"})
    own = client.post("/setup", data=form | {"password": "ines.laurent"})

    for answer, reason in ((common, TRIED_FIRST), (own, KNOWN)):
        assert answer.status_code == 422
        assert reason in answer.text.split('id="password-err"')[1][:400]


def test_an_invitation_refuses_the_email_it_was_made_for(client: FlaskClient, runtime: Runtime):
    _operator, token = team.invite(runtime, email=MAIL, role=Role.VIEWER)

    refused = client.post(f"/invitation/{token}", data={"name": "I", "password": MAIL})
    taken = client.post(f"/invitation/{token}", data={"name": "I", "password": GOOD})

    assert refused.status_code == 422
    assert KNOWN in refused.text.split('id="password-err"')[1][:400]
    assert taken.status_code == 303


def test_the_profile_refuses_what_is_known_of_the_operator(admin: FlaskClient, runtime: Runtime):
    operator = team.get(runtime, 1)
    operator.password_hash = passwords.hashed(GOOD)
    runtime.session.commit()

    assert 'for="password">New password' in admin.get("/profile").text
    for new, reason in (("password12", TRIED_FIRST), ("admin@fanfare.example", KNOWN)):
        answer = admin.post("/profile/password", data={"old": GOOD, "password": new})
        assert answer.status_code == 422
        assert reason in answer.text.split('id="password-err"')[1][:400]


def test_the_command_line_refuses_it_too(cli: Cli):
    common = cli("operator", "create", MAIL, stdin="1234567890\n")
    own = cli("operator", "create", MAIL, "--name", "Inès Laurent", stdin="ines.laurent\n")

    assert (common.code, own.code) == (1, 1)
    assert TRIED_FIRST in common.err
    assert KNOWN in own.err


def test_a_use_case_refuses_it_without_a_form(runtime: Runtime):
    with pytest.raises(Invalid) as fault:
        team.create_first(runtime, name="Inès", email=MAIL, password="password12")

    assert TRIED_FIRST in fault.value.fields["password"]
