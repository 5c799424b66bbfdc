import json
import tracemalloc
from collections import deque

from plugins.x.sandbox.people import Crowd, Person
from plugins.x.sandbox.query import username

CROWD = Crowd(seed=1)


def test_an_id_and_a_handle_lead_back_to_the_person():
    people = [Person(CROWD, index) for index in (*range(300), 9_999, 10_000, 999_999, 11_999_999)]

    by_id = [CROWD.by_id(person.id) for person in people]
    by_name = [CROWD.by_username(person.username) for person in people]

    assert [found.index for found in by_id] == [person.index for person in people]
    assert [found.index for found in by_name] == [person.index for person in people]


def test_every_handle_is_one_x_could_give_and_given_once():
    handles = [Person(CROWD, index).username for index in range(20_000)]

    assert len(set(handles)) == 20_000
    assert [username(handle) for handle in handles] == handles


def test_another_seed_makes_other_people():
    names = [[Person(Crowd(seed), index).name for index in range(50)] for seed in (1, 2)]

    assert names[0] != names[1]


def test_an_audience_has_its_kinds_of_people():
    people = [Person(CROWD, index) for index in range(5_000)]

    assert 3_600 < sum(person.accepts_dm for person in people) < 3_900
    assert 100 < sum(person.verified for person in people) < 300
    assert 200 < sum(person.protected for person in people) < 400
    assert 10 < sum(person.suspended for person in people) < 20
    assert 290 < sum(CROWD.wrote(person.index) for person in people) < 330


def test_writers_are_as_many_in_an_audience_of_any_size():
    assert sum(CROWD.wrote(index) for index in range(200_000)) == 320


def test_most_people_have_few_followers_and_a_few_have_very_many():
    sizes = sorted(Person(CROWD, index).followers_count for index in range(5_000))

    assert sizes[2_500] < 100
    assert sizes[-1] > 50_000


def test_the_visible_are_counted_without_being_looked_at():
    counted = [sum(not CROWD.is_suspended(index) for index in range(size)) for size in range(1_000)]

    assert [CROWD.visible(size) for size in range(1_000)] == counted
    assert [CROWD.visible(CROWD.size_for(wanted)) for wanted in range(1_000)] == list(range(1_000))


def test_a_million_people_take_no_memory():
    rows = (
        (person.id, person.username, person.name) for person in CROWD.people(iter(range(1_000_000)))
    )
    tracemalloc.start()

    deque((json.dumps(next(rows)) for _ in range(20_000)), maxlen=0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 100_000
