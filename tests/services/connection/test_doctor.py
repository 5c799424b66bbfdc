import pytest
from cryptography.fernet import Fernet

from channels import Account, ChannelContext, ChannelError, Check, CheckState, ErrorKind
from tests.support.factories import make_service
from tests.support.fakes import FakeNetwork
from webapp.kernel.audit import AuditEntry
from webapp.kernel.runtime import Runtime
from webapp.kernel.secret_box import SecretBox
from webapp.kernel.text import notices
from webapp.services import costs
from webapp.services.channel import declared
from webapp.services.connection import doctor
from webapp.services.limits import quota
from webapp.services.models import Service, ServiceSecret, ServiceState


@pytest.fixture
def service(runtime: Runtime) -> Service:
    return make_service(runtime, internal_name="ateliernord", remote_id="1")


def fault() -> Check:
    return Check(
        code="credits",
        label="Credits",
        state=CheckState.ERROR,
        detail="No credits are left.",
        fix="Buy credits.",
    )


def entries(runtime: Runtime, action: str) -> list[AuditEntry]:
    return runtime.session.query(AuditEntry).filter_by(action=action).all()


def raising(problem: Exception):
    def ask(_context: ChannelContext) -> None:
        raise problem

    return ask


def test_a_check_that_is_none_is_the_plugins_fault(runtime: Runtime, network: FakeNetwork, service):
    network.checks = ["fine"]

    [check] = doctor.diagnose(runtime, service.id)

    assert check.state is CheckState.ERROR
    assert check.detail.startswith("The plugin failed: 'fine' is no Check.")


def test_a_limit_that_is_none_is_the_plugins_fault(runtime: Runtime, network: FakeNetwork, service):
    network.on_ask = lambda context: context.observe("fifteen")

    [check] = doctor.diagnose(runtime, service.id)

    assert check.detail.startswith("The plugin failed: 'fifteen' is no ObservedLimit.")


def test_what_the_doctor_finds_is_kept(runtime: Runtime, service):
    [check] = doctor.diagnose(runtime, service.id)

    assert check.state is CheckState.PASSED
    runtime.session.expire_all()
    assert service.checks == [
        {
            "code": "token",
            "label": "Token",
            "state": "passed",
            "detail": "The token.",
            "fix": "Make a new one.",
            "milliseconds": None,
        }
    ]
    assert service.checked_at == runtime.now()


def test_the_first_fault_is_the_services_sentence(runtime: Runtime, network: FakeNetwork, service):
    network.checks = [fault(), fault()]

    doctor.diagnose(runtime, service.id)

    assert service.state is ServiceState.NEEDS_FIXING
    assert service.fault == "No credits are left. Buy credits."
    assert [notices.read(entry.detail["fault"]) for entry in entries(runtime, "service.state")] == [
        service.fault
    ]


def test_a_warning_lets_a_service_work(runtime: Runtime, network: FakeNetwork, service):
    network.checks = [Check(code="clock", label="Clock", state=CheckState.WARNING)]

    doctor.diagnose(runtime, service.id)

    assert service.state is ServiceState.CONNECTED


def test_a_service_that_works_again_says_so(runtime: Runtime, network: FakeNetwork, service):
    network.checks = [fault()]
    doctor.diagnose(runtime, service.id)
    network.checks = []

    doctor.diagnose(runtime, service.id)

    assert (service.state, service.fault) == (ServiceState.CONNECTED, "")
    assert len(entries(runtime, "service.state")) == 2


def test_an_unchanged_state_is_audited_once(runtime: Runtime, network: FakeNetwork, service):
    network.checks = [fault()]

    doctor.diagnose(runtime, service.id)
    doctor.diagnose(runtime, service.id)

    assert len(entries(runtime, "service.state")) == 1


def test_the_account_is_read_again_and_a_rename_followed(
    runtime: Runtime, network: FakeNetwork, service
):
    network.account = Account(remote_id="1", handle="nordatelier", name="Nord", followers=9)

    doctor.diagnose(runtime, service.id)

    assert service.internal_name == "nordatelier"
    assert service.account["followers"] == 9
    assert [entry.detail for entry in entries(runtime, "service.rename")] == [
        {"before": "ateliernord", "after": "nordatelier"}
    ]
    assert [line.calls for line in costs.by_operation(runtime, service)] == [1]


def test_checks_are_seen_as_they_end(runtime: Runtime, network: FakeNetwork, service):
    network.checks = [fault()]

    stream = doctor.diagnose_stream(runtime, service.id)

    assert next(stream) == fault()
    assert service.checks == []
    assert [check.code for check in stream] == ["token"]
    assert len(service.checks) == 2


def test_a_reader_who_leaves_early_keeps_the_last_full_result(
    runtime: Runtime, network: FakeNetwork, service
):
    network.checks = [fault()]
    stream = doctor.diagnose_stream(runtime, service.id)
    next(stream)

    stream.close()

    assert service.checks == []
    assert service.state is ServiceState.CONNECTED


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [
        (ChannelError("X cannot be reached.", kind=ErrorKind.TEMPORARY), "X cannot be reached."),
        (KeyError("data"), "The plugin failed: KeyError."),
    ],
)
def test_what_keeps_a_channel_from_looking_is_a_failed_check(
    runtime: Runtime, network: FakeNetwork, service, problem: Exception, sentence: str
):
    network.on_ask = raising(problem)

    [check] = doctor.diagnose(runtime, service.id)

    assert check.state is CheckState.ERROR
    assert service.fault.startswith(sentence)


def test_a_plugin_that_is_gone_is_a_failed_check(runtime: Runtime):
    service = make_service(runtime, kind="gone")

    doctor.diagnose(runtime, service.id)

    sentence = "No plugin brings the channel gone; install it or enable it again."
    assert service.fault.startswith(sentence)


def test_a_secret_no_key_opens_is_a_failed_check_and_figures_still_show(runtime: Runtime, service):
    other = SecretBox([Fernet.generate_key().decode()])
    runtime.session.query(ServiceSecret).update({"ciphertext": other.encrypt("good")})

    doctor.diagnose(runtime, service.id)

    assert "FANFARE_ENCRYPTION_KEYS" in service.fault
    assert quota.usage(runtime, service)
    assert declared.prices(runtime, service) == []


def test_an_account_that_cannot_be_read_after_all_leaves_the_last_one(
    runtime: Runtime, network: FakeNetwork, service
):
    asked = []

    def stumble(_context: ChannelContext) -> None:
        asked.append(1)
        if len(asked) > 1:
            raise ChannelError("X stumbled.", kind=ErrorKind.TEMPORARY)

    service.account = {"followers": 7}
    network.on_ask = stumble

    doctor.diagnose(runtime, service.id)

    assert service.account == {"followers": 7}
    assert service.state is ServiceState.CONNECTED
