"""The forms of reports, and the test of mail."""

from tests.stories.submitting import Scene, walks


@walks("reports.mail")
def mail(scene: Scene) -> None:
    scene.open(f"/reports?account={scene.service.id}")
    scene.submit('form[action$="/mail"]')


@walks("reports/_view.html")
def look_at_other_days(scene: Scene) -> None:
    scene.open(f"/reports?account={scene.service.id}")
    scene.submit("form.ff-report-view", days="84", beside="none")


@walks("system.try_mail")
def try_mail(scene: Scene) -> None:
    scene.open("/settings/mail")
    scene.submit('form[action$="/test"]')
