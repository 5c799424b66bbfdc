"""The forms about operators: arriving, their settings, their sessions, the team."""

import re

from tests.stories.submitting import PASSWORD, Scene, walks
from tests.support.factories import make_operator
from webapp.operators.accounts import setup_token, team
from webapp.operators.authentication import sessions
from webapp.operators.models import Operator, Role

NEXT = "another long horn of tin"
TEAM = "/settings/operators"


def colleague(scene: Scene) -> int:
    """Somebody else with a password, who is logged in."""
    operator = make_operator(scene.runtime)
    sessions.begin(scene.runtime, operator, agent="", address="192.0.2.7")
    scene.give_passwords()
    return operator.id


@walks("operators.create_first")
def found(scene: Scene) -> None:
    scene.page.context.clear_cookies()
    scene.runtime.session.query(Operator).delete()
    token = setup_token.token(scene.runtime.settings)
    scene.open("/setup")
    scene.submit("form", token=token, name="Inès", email="ines@fanfare.example", password=PASSWORD)


@walks("operators.log_in")
def log_in(scene: Scene) -> None:
    scene.give_passwords()
    scene.page.context.clear_cookies()
    scene.open("/login")
    scene.submit("form", email="admin@fanfare.example", password=PASSWORD)


@walks("operators.accept")
def accept(scene: Scene) -> None:
    _operator, token = team.invite(scene.runtime, email="paul@fanfare.example", role=Role.MARKETER)
    scene.page.context.clear_cookies()
    scene.open(f"/invitation/{token}")
    scene.submit("form", name="Paul Petit", password=PASSWORD)


@walks("operators.logout")
def logout(scene: Scene) -> None:
    scene.open("/profile")
    scene.submit('form[action$="/logout"]')


@walks("operators.change_profile")
def change_profile(scene: Scene) -> None:
    scene.open("/profile")
    scene.submit('form[action$="/profile"]', name="Inès Laurent", time_zone="Asia/Tokyo")


@walks("operators.change_password")
def change_password(scene: Scene) -> None:
    scene.give_passwords()
    scene.open("/profile")
    scene.submit('form[action$="/password"]', old=PASSWORD, password=NEXT)


@walks("operators.theme")
def theme(scene: Scene) -> None:
    scene.open("/profile")
    scene.submit('form[action$="/theme"].ff-hide-phone')


@walks("operators.end_own")
def end_own(scene: Scene) -> None:
    scene.open("/profile")
    scene.submit('form[action*="/profile/sessions/"]')


@walks("operators.end_others")
def end_others(scene: Scene) -> None:
    me = scene.runtime.session.query(Operator).one()
    sessions.begin(scene.runtime, me, agent="", address="192.0.2.8")
    scene.open("/profile")
    scene.submit('form[action$="/profile/sessions/end"]')


@walks("operators.end_one")
def end_one(scene: Scene) -> None:
    scene.open(f"{TEAM}/{colleague(scene)}/sessions")
    scene.submit(f'form[action*="{TEAM}"][action*="/sessions/"]:not([action$="sessions/end"])')


@walks("operators.end_every")
def end_every(scene: Scene) -> None:
    scene.open(f"{TEAM}/{colleague(scene)}/sessions")
    scene.submit('form[action$="/sessions/end"]')


@walks("operators.invite")
def invite(scene: Scene) -> None:
    scene.open(TEAM)
    scene.submit("#invite form", email="paul@fanfare.example", role="reviewer")


@walks("operators.invite_again")
def invite_again(scene: Scene) -> None:
    other = colleague(scene)
    scene.open(TEAM)
    scene.submit(f'form[action$="/{other}/invitation"]')


@walks("operators.change_role")
def change_role(scene: Scene) -> None:
    other = colleague(scene)
    scene.open(TEAM)
    scene.page.locator(f'form[action$="/{other}/role"] select').select_option("reviewer")
    scene.page.get_by_role("dialog").get_by_role("button", name="Change the role").click()


@walks("operators.change_active")
def change_active(scene: Scene) -> None:
    other = colleague(scene)
    scene.open(TEAM)
    scene.submit(f'form[action$="/{other}/active"]')
    scene.page.wait_for_url(re.compile(TEAM))


@walks("operators.strength")
def strength(scene: Scene) -> None:
    scene.give_passwords()
    scene.open("/profile")
    box = scene.page.locator('form[action$="/password"] [name="password"]')
    box.press_sequentially("another long")
