import pytest

from tests.plugins.x.sandbox.running import IDS, Caller, RunningSandbox

FOLLOWERS = f"/2/users/{IDS['ateliernord']}/followers"


def test_a_user_is_id_name_and_handle_unless_more_is_asked_for(brand: Caller):
    data = brand.get("/2/users/me").json()["data"]

    assert data == {"id": IDS["ateliernord"], "name": "Atelier Nord", "username": "ateliernord"}


def test_a_user_has_the_fields_asked_for(brand: Caller):
    fields = "created_at,description,protected,public_metrics,verified,verified_type"

    data = brand.get("/2/users/me", params={"user.fields": fields}).json()["data"]

    assert data["created_at"] == "2019-03-20T09:00:00.000Z"
    assert data["public_metrics"]["followers_count"] == 500
    assert data["public_metrics"]["post_count"] == 7
    assert (data["verified"], data["verified_type"]) == (True, "business")
    assert data["protected"] is False


def test_a_field_x_does_not_know_is_refused(brand: Caller):
    answer = brand.get("/2/users/me", params={"user.fields": "shoe_size"})

    assert answer.status_code == 400
    assert answer.json()["title"] == "Invalid Request"
    assert answer.json()["errors"][0]["parameters"] == {"user.fields": ["shoe_size"]}


def test_a_parameter_x_does_not_know_is_refused(brand: Caller):
    assert brand.get("/2/users/me", params={"shoe": "1"}).status_code == 400


def test_a_person_is_found_by_id_and_by_handle_in_any_case(sandbox: RunningSandbox, brand: Caller):
    person = sandbox.ask("people", kind="follows", limit=1)["people"][0]

    by_id = brand.get(f"/2/users/{person['id']}").json()["data"]
    by_name = brand.get(f"/2/users/by/username/{person['username'].upper()}").json()["data"]

    assert by_id == by_name
    assert by_id["username"] == person["username"]


def test_an_unknown_handle_is_an_error_inside_a_good_answer(brand: Caller):
    answer = brand.get("/2/users/by/username/nobody_at_all")

    assert answer.status_code == 200
    assert answer.json()["errors"][0]["type"] == "https://api.x.com/2/problems/resource-not-found"
    assert (
        answer.json()["errors"][0]["detail"]
        == "Could not find user with username: [nobody_at_all]."
    )


def test_a_handle_nobody_could_have_is_refused(brand: Caller):
    assert brand.get("/2/users/by/username/much-too-long-for-x").status_code == 400


def test_a_suspended_user_is_named_as_such(sandbox: RunningSandbox, brand: Caller):
    person = sandbox.someone("suspended")

    answer = brand.get("/2/users", params={"ids": f"{person},{IDS['atelier_shop']},12"}).json()

    assert [user["username"] for user in answer["data"]] == ["atelier_shop"]
    assert [error["title"] for error in answer["errors"]] == ["Forbidden", "Not Found Error"]


def test_users_are_found_by_several_handles(brand: Caller):
    answer = brand.get("/2/users/by", params={"usernames": "ateliernord,atelier_shop"}).json()

    assert [user["id"] for user in answer["data"]] == [IDS["ateliernord"], IDS["atelier_shop"]]


def test_a_lookup_takes_a_hundred_at_most(brand: Caller):
    ids = ",".join(str(number) for number in range(1, 102))

    assert brand.get("/2/users", params={"ids": ids}).status_code == 400


def test_an_account_sees_how_it_is_connected(brand: Caller):
    path = f"/2/users/{IDS['atelier_proof']}"

    data = brand.get(path, params={"user.fields": "connection_status,receives_your_dm"}).json()

    assert data["data"]["connection_status"] == ["followed_by", "following"]
    assert data["data"]["receives_your_dm"] is True


def test_the_pages_of_followers_hold_everybody_once(brand: Caller):
    pages = list(brand.pages(FOLLOWERS, max_results=70))
    ids = [user["id"] for page in pages for user in page["data"]]

    assert len(ids) == len(set(ids)) == 500
    assert ids[0] == IDS["atelier_proof"]
    assert [page["meta"]["result_count"] for page in pages] == [len(p["data"]) for p in pages]


def test_the_followers_are_the_same_each_time(brand: Caller):
    fields = {"user.fields": "public_metrics,verified,protected,receives_your_dm,created_at"}

    first = brand.get(FOLLOWERS, params={"max_results": 1000, **fields})
    second = brand.get(FOLLOWERS, params={"max_results": 1000, **fields})

    assert first.content == second.content


def test_a_page_leads_back_to_the_one_before(brand: Caller):
    first, second = list(brand.pages(FOLLOWERS, max_results=300))
    token = second["meta"]["previous_token"]

    back = brand.get(FOLLOWERS, params={"max_results": 300, "pagination_token": token}).json()

    assert back["data"] == first["data"]


def test_new_followers_do_not_disturb_a_listing_under_way(sandbox: RunningSandbox, brand: Caller):
    first = brand.get(FOLLOWERS, params={"max_results": 300}).json()
    sandbox.tell("audience", account="ateliernord", followers=700)
    token = first["meta"]["next_token"]

    rest = brand.get(FOLLOWERS, params={"max_results": 1000, "pagination_token": token}).json()

    assert len(first["data"]) + len(rest["data"]) == 500


def test_suspended_people_do_not_appear(sandbox: RunningSandbox, brand: Caller):
    sandbox.tell("suspend", who=sandbox.someone("wrote"))

    page = brand.get(FOLLOWERS, params={"max_results": 1000}).json()

    assert page["meta"]["result_count"] == 499
    assert sandbox.someone("suspended") not in {user["id"] for user in page["data"]}


def test_a_token_of_another_listing_is_refused(sandbox: RunningSandbox, brand: Caller):
    token = brand.get(FOLLOWERS, params={"max_results": 10}).json()["meta"]["next_token"]
    path = f"/2/users/{IDS['atelier_shop']}/followers"

    assert brand.get(path, params={"pagination_token": token}).status_code == 400


@pytest.mark.parametrize("size", ["0", "1001", "many"])
def test_a_page_holds_one_to_a_thousand(brand: Caller, size: str):
    assert brand.get(FOLLOWERS, params={"max_results": size}).status_code == 400


def test_people_who_left_do_not_appear_and_may_come_back(sandbox: RunningSandbox, brand: Caller):
    left = sandbox.tell("unfollow", account="ateliernord", count=3)["people"]
    without = brand.get(FOLLOWERS, params={"max_results": 1000}).json()["meta"]["result_count"]

    sandbox.tell("follow", account="ateliernord", people=[left[0]["id"]])

    assert without == 497
    assert sandbox.ask("stats")["followers"]["ateliernord"] == 498


def test_a_renamed_person_keeps_the_id(sandbox: RunningSandbox, brand: Caller):
    person = sandbox.someone("follows")

    sandbox.tell("rename", who=person, username="new_name", name="New Name")

    data = brand.get("/2/users/by/username/new_name").json()["data"]
    assert data == {"id": person, "name": "New Name", "username": "new_name"}


def test_a_renamed_account_keeps_id_and_token(sandbox: RunningSandbox, brand: Caller):
    sandbox.tell("rename", who="ateliernord", username="ateliernord_hq")

    data = brand.get("/2/users/me").json()["data"]

    assert (data["id"], data["username"]) == (IDS["ateliernord"], "ateliernord_hq")
