from datetime import UTC, datetime, timedelta

from channels import Limit, Operation, Scope
from channels.clock import FileClock
from tests.support.factories import make_service
from tests.support.fakes import FakeNetwork, direct_limit
from webapp.kernel.runtime import Runtime
from webapp.services import listing
from webapp.services.limits import quota
from webapp.services.models import QuotaWindow, Service

QUARTER = timedelta(minutes=15)
DAY = 86_400


def take(runtime: Runtime, service: Service, times: int = 1) -> list[quota.LimitReached | None]:
    return [quota.reserve(runtime, service, Operation.DIRECT) for _ in range(times)]


def used(runtime: Runtime, service: Service) -> list[int]:
    return [item.used for item in quota.usage(runtime, service, Operation.DIRECT)]


def app_limit(cap: int, key: str = "app1") -> Limit:
    return Limit(operation=Operation.DIRECT, scope=Scope.APP, seconds=DAY, cap=cap, shared_key=key)


def test_a_window_allows_its_cap_and_no_more(runtime: Runtime, network: FakeNetwork, service):
    network.limits = [direct_limit(2)]

    first, second, third = take(runtime, service, 3)

    assert first is None
    assert second is None
    assert third.until == runtime.now() + QUARTER
    assert third.window.seconds == 900


def test_a_lapsed_window_is_full_again(runtime: Runtime, network: FakeNetwork, service, clock):
    network.limits = [direct_limit(1)]
    take(runtime, service)

    clock.advance(QUARTER)

    assert take(runtime, service) == [None]


def test_a_window_begins_with_its_first_use(runtime: Runtime, network: FakeNetwork, service, clock):
    network.limits = [direct_limit(1)]
    clock.advance(timedelta(minutes=7))

    _taken, spent = take(runtime, service, 2)

    assert spent.until == runtime.now() + QUARTER


def test_a_spent_window_leaves_the_others_untouched(
    runtime: Runtime, network: FakeNetwork, service
):
    network.limits = [direct_limit(1), direct_limit(10, seconds=DAY)]

    take(runtime, service, 3)

    assert used(runtime, service) == [1, 1, 1]


def test_of_several_spent_windows_the_last_to_reset_counts(
    runtime: Runtime, network: FakeNetwork, service
):
    network.limits = [direct_limit(1), direct_limit(1, seconds=7_200)]

    _taken, spent = take(runtime, service, 2)

    assert spent.until == runtime.now() + timedelta(hours=2)


def test_what_a_caller_left_pending_is_kept_when_a_window_is_spent(
    runtime: Runtime, network: FakeNetwork, service
):
    network.limits = [direct_limit(1)]
    take(runtime, service)

    service.label = "Renamed"
    take(runtime, service)

    runtime.session.expire_all()
    assert service.label == "Renamed"


def test_several_units_are_taken_together_or_not_at_all(
    runtime: Runtime, network: FakeNetwork, service
):
    network.limits = [direct_limit(5)]

    assert quota.reserve(runtime, service, Operation.DIRECT, units=4) is None
    assert quota.reserve(runtime, service, Operation.DIRECT, units=2) is not None
    assert quota.reserve(runtime, service, Operation.DIRECT, units=1) is None


def test_more_units_than_a_cap_never_fit_and_say_a_time_to_come(
    runtime: Runtime, network: FakeNetwork, service, clock
):
    network.limits = [direct_limit(1)]
    take(runtime, service)
    clock.advance(QUARTER)

    spent = quota.reserve(runtime, service, Operation.DIRECT, units=2)

    assert spent.until > runtime.now()


def test_an_operation_without_limits_is_always_allowed(runtime: Runtime, service):
    results = [quota.reserve(runtime, service, Operation.POST) for _ in range(5)]

    assert results == [None] * 5


def test_services_of_one_app_share_its_limit(runtime: Runtime, network: FakeNetwork, service):
    network.limits = [app_limit(3)]
    other = make_service(runtime)

    take(runtime, service, 2)

    assert take(runtime, other, 2)[0] is None
    assert take(runtime, other)[0].window.scope is Scope.APP


def test_services_of_two_apps_share_nothing(runtime: Runtime, network: FakeNetwork, service):
    network.limits = [app_limit(1, "app1")]
    take(runtime, service)

    network.limits = [app_limit(1, "app2")]

    assert take(runtime, make_service(runtime)) == [None]


def test_the_operators_own_cap_ends_at_midnight_of_the_instance(runtime: Runtime, clock: FileClock):
    service = make_service(runtime, daily_cap=1)

    _taken, spent = take(runtime, service, 2)

    # Midnight of Paris in winter.
    assert spent.until == datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
    clock.set(spent.until, rate=0)
    assert take(runtime, service) == [None]


def test_the_day_on_which_the_clocks_go_back_has_one_cap(runtime: Runtime, clock: FileClock):
    clock.set(datetime(2026, 10, 24, 22, 0, tzinfo=UTC), rate=0)
    service = make_service(runtime, daily_cap=1)

    _taken, spent = take(runtime, service, 2)

    assert spent.until - runtime.now() == timedelta(hours=25)


def test_a_changed_cap_holds_at_once(runtime: Runtime):
    service = make_service(runtime, daily_cap=2)
    take(runtime, service, 2)

    service.daily_cap = 3
    runtime.session.commit()

    assert [item is None for item in take(runtime, service, 2)] == [True, False]


def test_a_lowered_cap_holds_at_once(runtime: Runtime):
    service = make_service(runtime, daily_cap=5)
    take(runtime, service, 3)

    service.daily_cap = 3
    runtime.session.commit()

    assert take(runtime, service)[0] is not None


def test_pages_read_each_window_in_words(runtime: Runtime, network: FakeNetwork, service):
    network.limits = [direct_limit(15), direct_limit(1_440, seconds=DAY), app_limit(1_440)]
    take(runtime, service)

    windows = quota.usage(runtime, service)

    assert [(item.operation, item.span) for item in windows] == [
        ("Direct messages", "15 min"),
        ("Direct messages", "24 h, account"),
        ("Direct messages", "24 h, whole app"),
        ("Direct messages", "day, your cap"),
    ]
    assert [(item.used, item.left) for item in windows][:2] == [(1, 14), (1, 1_439)]
    assert windows[0].resets_at == runtime.now() + QUARTER


def test_looking_opens_no_window(runtime: Runtime, network: FakeNetwork, service):
    network.limits = [direct_limit(15)]

    windows = quota.usage(runtime, service)

    midnight = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
    assert [(item.used, item.resets_at) for item in windows] == [(0, None), (0, midnight)]
    assert runtime.session.query(QuotaWindow).count() == 0


def test_a_list_of_services_tells_what_was_sent_today(runtime: Runtime, service):
    take(runtime, service, 2)

    assert [item.sent_today for item in listing.summaries(runtime)] == [2]


def test_a_service_whose_plugin_is_gone_is_still_listed(runtime: Runtime):
    service = make_service(runtime, kind="gone")

    assert [item.channel for item in listing.summaries(runtime)] == [""]
    assert [item.span for item in quota.usage(runtime, service)] == ["day, your cap"]


def test_what_the_network_refused_is_given_back_to_the_own_cap_alone(
    runtime: Runtime, network: FakeNetwork, service
):
    network.limits = [direct_limit(15)]
    take(runtime, service, 2)

    quota.give_back(runtime, service, Operation.DIRECT, runtime.now())

    assert used(runtime, service) == [2, 1]


def test_nothing_is_given_back_to_another_day(runtime: Runtime, service, clock: FileClock):
    taken_at = runtime.now()
    take(runtime, service)
    clock.advance(timedelta(days=1))
    take(runtime, service)

    quota.give_back(runtime, service, Operation.DIRECT, taken_at)

    assert used(runtime, service) == [1]


def test_no_more_is_given_back_than_was_taken(runtime: Runtime, service):
    take(runtime, service)

    for _again in range(2):
        quota.give_back(runtime, service, Operation.DIRECT, runtime.now())

    assert used(runtime, service) == [0]


WRITES = Operation("writes", "Writes")


def points_limit(cap: int) -> Limit:
    """A limit that a message takes three points of, and a deletion one."""
    points = {Operation.DIRECT: 3, Operation.DELETE: 1}
    limit = {"operation": WRITES, "scope": Scope.ACCOUNT, "seconds": 3_600}
    return Limit(**limit, cap=cap, points=points)


def test_operations_that_share_points_take_what_each_costs(
    runtime: Runtime, network: FakeNetwork, service
):
    network.limits = [points_limit(7)]

    assert quota.reserve(runtime, service, Operation.DIRECT) is None
    assert [quota.reserve(runtime, service, Operation.DELETE) for _ in range(2)] == [None, None]
    spent = quota.reserve(runtime, service, Operation.DIRECT)

    assert spent is not None
    assert used(runtime, service)[0] == 5
    assert quota.reserve(runtime, service, Operation.INBOX) is None


def test_a_call_that_never_left_gives_all_its_points_back(
    runtime: Runtime, network: FakeNetwork, service
):
    network.limits = [points_limit(10)]
    since = runtime.now()
    take(runtime, service, 2)

    quota.give_all_back(runtime, service, Operation.DIRECT, since)

    assert used(runtime, service)[0] == 3


def test_a_limit_in_points_has_the_name_its_channel_gave_it(
    runtime: Runtime, network: FakeNetwork, service
):
    network.limits = [points_limit(10)]

    assert quota.usage(runtime, service)[0].window.operation.label == "Writes"
