import pytest

from webapp.kernel.runtime import Runtime
from webapp.operators.accounts import team
from webapp.operators.authentication import passwords
from webapp.operators.authentication.login import LoginRefused, log_in
from webapp.operators.models import Operator, Role

PASSWORD = "a horn in the morning"


@pytest.fixture
def ines(runtime: Runtime) -> Operator:
    return team.create(
        runtime,
        name="Inès",
        email="Ines@Ateliernord.example",
        role=Role.ADMIN,
        password_hash=passwords.hashed(PASSWORD),
    )


def fail(runtime: Runtime, email: str = "ines@ateliernord.example") -> str:
    with pytest.raises(LoginRefused) as refused:
        log_in(runtime, email, "wrong", address="192.0.2.1")
    return refused.value.message


def test_the_right_password_logs_in_whatever_the_case_of_the_email(runtime: Runtime, ines):
    operator = log_in(runtime, " INES@ateliernord.example ", PASSWORD, address="192.0.2.1")

    assert operator.id == ines.id


def test_a_password_is_stored_as_an_argon2_hash(ines: Operator):
    assert ines.password_hash.startswith("$argon2id$")


def test_an_unknown_email_gets_the_same_sentence_as_a_wrong_password(runtime: Runtime, ines):
    assert fail(runtime, "nobody@ateliernord.example") == fail(runtime)


def test_a_disabled_operator_cannot_log_in(runtime: Runtime, ines):
    locked = passwords.hashed(PASSWORD)
    team.create(
        runtime,
        name="B",
        email="b@ateliernord.example",
        role=Role.ADMIN,
        password_hash=locked,
    )
    team.set_active(runtime, ines.id, active=False)

    assert "wrong" in fail(runtime)
