"""The rule of reconciliation, over all that may be given and all that may be known."""

from hypothesis import given
from hypothesis import strategies as st

from webapp.profiles import addresses
from webapp.profiles.models import LinkedBy, Unclear
from webapp.profiles.reconciliation.rule import Candidate, decide, is_enough
from webapp.profiles.values import name_key_of

# Few of each, so that equal ones meet.
words = st.sampled_from(["", "Ana", "ANA", "Bo"])
shared = st.fixed_dictionaries(
    {
        "first_name": words,
        "last_name": st.sampled_from(["", "Ruiz"]),
        "email": st.sampled_from(["", "a@b.example", "A@b.example", "c@d.example"]),
        "birth_date": st.sampled_from(["", "1990-04-23", "1991-01-01"]),
        "phone": st.sampled_from(["", "12345"]),
    }
)
known = st.lists(shared, max_size=4)


def candidates(rows: list[dict[str, str]]) -> list[Candidate]:
    return [
        Candidate(
            id=number,
            email_key=addresses.key_of(row["email"]),
            name_key=name_key_of(row),
            birth_date=row["birth_date"],
        )
        for number, row in enumerate(rows, 1)
    ]


@given(shared, known)
def test_what_links_is_the_same_address_or_names_and_birth_date_and_contradicts_nothing(me, rows):
    found = candidates(rows)
    said = decide(me, found)
    if said.profile_id is None:
        return

    one = found[said.profile_id - 1]
    same_email = bool(me["email"]) and addresses.key_of(me["email"]) == one.email_key
    born, name = me["birth_date"], name_key_of(me)
    same_names = bool(name and born) and (name, born) == (one.name_key, one.birth_date)
    assert same_email if said.how is LinkedBy.EMAIL else same_names
    assert not (born and one.birth_date and born != one.birth_date)
    assert said.how is LinkedBy.EMAIL or not (me["email"] and one.email_key)
    assert said.unclear is None


@given(shared, known)
def test_nobody_becomes_two_who_is_known_by_the_same_data(me, rows):
    """Whoever shares the same again meets the profile that was made of it, or is asked about."""
    said = decide(me, candidates(rows))
    if said.profile_id is not None or said.unclear is not None:
        return
    again = decide(me, candidates([*rows, me]))

    # A phone number alone tells nobody apart; the visitor that shared it is linked by then.
    if me["email"] or (name_key_of(me) and me["birth_date"]):
        assert again.profile_id == len(rows) + 1
    assert is_enough(me)


@given(shared, known)
def test_the_order_in_which_profiles_are_met_decides_nothing(me, rows):
    found = candidates(rows)

    assert decide(me, found) == decide(me, found[::-1])


@given(known)
def test_a_name_alone_never_links(rows):
    said = decide({"first_name": "Ana", "last_name": "Ruiz"}, candidates(rows))

    assert (said.profile_id, said.unclear) == (None, Unclear.TOO_LITTLE)
