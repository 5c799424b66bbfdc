"""Processes that renew the sign-in of one account are killed: it lives on, and no token repeats."""

import pytest

from tests.bench import sign_ins


@pytest.mark.slow
def test_no_account_is_lost_and_no_token_repeated_by_processes_that_are_killed():
    found = sign_ins.trial("sqlite", 12)

    print(sign_ins.line("sqlite", found))
    assert found.wrong == []
    assert found.kills >= 12
    assert found.refresh_tokens > 0
