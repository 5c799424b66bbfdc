"""A value of the contract checks itself when it is made, and says which field must be what."""

import traceback
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import channels
from channels import (
    Account,
    AudiencePage,
    ChannelError,
    ChannelWorkflow,
    Content,
    ErrorKind,
    Limit,
    Operation,
    Part,
    Person,
    Price,
    RemotePost,
    Scope,
    Sent,
    Unknowable,
)
from channels.validation import LARGEST, ContractViolation, Value

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
NAIVE = NOON.replace(tzinfo=None)
PARIS = NOON.astimezone(timezone(timedelta(hours=1)))
ANNA = {"remote_id": "2001", "handle": "anna", "name": "Anna"}
DIRECT = {"operation": Operation.DIRECT, "scope": Scope.ACCOUNT, "seconds": 60}


def fault(**facts: object) -> ChannelError:
    return ChannelError(**{"message": "Later, please.", "kind": ErrorKind.TEMPORARY} | facts)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: Person(**ANNA | {"name": None}), "Person.name is None; it must be str."),
        (
            lambda: Person(**ANNA, follower_count=True),
            "Person.follower_count is True; it must be int or None.",
        ),
        (
            lambda: Person(**ANNA, follower_count=LARGEST + 1),
            f"Person.follower_count is {LARGEST + 1}; it must be a number up to {LARGEST}.",
        ),
        (
            lambda: Sent(remote_id="a\nb"),
            r"Sent.remote_id is 'a\nb'; it must be an id of 1 to 255 signs that can be printed.",
        ),
        (
            lambda: AudiencePage(people=[Person(**ANNA)], next_cursor=None),
            "it must be a tuple of Person.",
        ),
        (
            lambda: AudiencePage(people=(Person(**ANNA), "bo"), next_cursor=None),
            "AudiencePage.people[1] is 'bo'; it must be Person.",
        ),
        (
            lambda: RemotePost(remote_id="1", text="", posted_at=PARIS),
            "RemotePost.posted_at is 2026-11-23T13:00:00+01:00; it must be an aware time in UTC.",
        ),
        (
            lambda: Unknowable(reason="", ask_at=NAIVE),
            "Unknowable.ask_at is 2026-11-23T12:00:00; it must be an aware time in UTC.",
        ),
        (
            lambda: Account(**ANNA, lacks={"direct": "Ask."}),
            "A key of Account.lacks is 'direct'; it must be Operation.",
        ),
        (
            lambda: Limit(**DIRECT, cap=1, points={Operation.DIRECT: "2"}),
            "it must be int.",
        ),
        (
            lambda: Price(operation=Operation.POST, amount=Decimal("nan"), label="A post"),
            "Price.amount is Decimal('NaN'); it must be a finite number.",
        ),
        (lambda: Content(parts=()), "Content.parts is (); it must be at least one Part."),
        (lambda: Operation(5), "Operation.name is 5; it must be str."),
        (
            lambda: ChannelWorkflow(job="a", kind="b", name="c", schedule="d", step=None),
            "ChannelWorkflow.step is None; it must be",
        ),
        (lambda: fault(kind="later"), "ChannelError.kind is 'later'; it must be ErrorKind."),
        (lambda: fault(retry_at=NAIVE), "it must be an aware time in UTC."),
        (lambda: fault(code="Not now"), "it must be a stable word such as not_permitted."),
    ],
)
def test_a_value_that_breaks_the_contract_cannot_be_made(made, said: str):
    with pytest.raises(ContractViolation) as found:
        made()

    assert said in str(found.value)


def test_the_fault_is_raised_where_the_plugin_made_the_value():
    with pytest.raises(ContractViolation) as found:
        Person(**ANNA | {"handle": 7})

    assert __file__ in [frame.filename for frame in traceback.extract_tb(found.value.__traceback__)]


def test_every_value_that_a_plugin_makes_checks_itself():
    made = [getattr(channels, name) for name in channels.__all__]
    unchecked = {
        item.__name__
        for item in made
        if hasattr(item, "__dataclass_fields__") and not issubclass(item, Value)
    }

    assert unchecked == set()


ODD = st.sampled_from([None, True, 0, -1, LARGEST, LARGEST + 1, -LARGEST - 1, "", "a", "a\0", 1.5])


@given(st.fixed_dictionaries(dict.fromkeys(Person.__dataclass_fields__, ODD)))
def test_the_glance_at_a_person_sees_what_looking_at_each_field_sees(facts: dict[str, object]):
    blank = object.__new__(Person)
    for name, fact in facts.items():
        object.__setattr__(blank, name, fact)

    def fault_of(look) -> str:
        try:
            look()
        except ContractViolation as fault:
            return str(fault)
        return ""

    assert fault_of(lambda: Person(**facts)) == fault_of(lambda: Value.__post_init__(blank))


def test_texts_of_other_languages_and_subclasses_of_str_are_texts():
    class Sentence(str):
        __slots__ = ()

    assert Person(**ANNA | {"name": Sentence("Zoë")}).name == "Zoë"
    assert Content(parts=(Part(text="é"),)).text == "é"
