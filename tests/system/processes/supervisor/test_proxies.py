import pytest

from webapp.system.processes.supervisor.proxies import passed_by

OWN = "127.0.0.1,localhost"


@pytest.mark.parametrize(
    ("told", "host", "kept"),
    [
        ({}, "127.0.0.1", OWN),
        ({}, "192.0.2.7", f"{OWN},192.0.2.7"),
        ({"NO_PROXY": ".example, 127.0.0.1"}, "127.0.0.1", ".example,127.0.0.1,localhost"),
        ({"no_proxy": "a.example", "NO_PROXY": "b.example"}, "127.0.0.1", f"a.example,{OWN}"),
        ({"no_proxy": "", "NO_PROXY": "b.example"}, "127.0.0.1", f"b.example,{OWN}"),
    ],
)
def test_no_proxy_is_asked_for_this_machine_and_whatever_it_was_not_asked_for_before(
    told: dict[str, str], host: str, kept: str
):
    assert passed_by(told, host) == {"no_proxy": kept, "NO_PROXY": kept}


def test_where_no_proxy_is_asked_for_anything_nothing_is_added():
    assert passed_by({"NO_PROXY": "*"}, "127.0.0.1") == {}
