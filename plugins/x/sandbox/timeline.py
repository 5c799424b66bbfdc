"""The pages of the sandbox for eyes: who is here, and what an account has posted."""

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from plugins.x.sandbox import texts
from plugins.x.sandbox.gate import sandbox, world
from plugins.x.sandbox.post_rows import figures
from plugins.x.sandbox.state import Account

blueprint = Blueprint("timeline", __name__, template_folder="templates")

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@blueprint.get("/")
def index() -> str:
    """Show the accounts of the sandbox."""
    with sandbox().lock:
        accounts = [(a, world().followers_count(a)) for a in world().accounts.values()]
        return render_template("sandbox/index.html", accounts=accounts, now=world().clock.now())


@blueprint.get("/timeline/<username>")
def timeline(username: str) -> str | tuple[str, int]:
    """Show what an account has posted, the newest first; other people have posted nothing."""
    with sandbox().lock:
        account = world().profile_named(username)
        if account is None:
            return render_template("sandbox/nobody.html", username=username), 404
        if not isinstance(account, Account):
            return render_template("sandbox/person.html", person=account)
        posts = list(reversed(world().timelines[account.id]))
        return render_template(
            "sandbox/timeline.html",
            account=account,
            followers=world().followers_count(account),
            posts=[(post, figures(post, world()), texts.pieces(post.text)) for post in posts],
        )


@blueprint.get("/people/<int:identifier>")
def person(identifier: int) -> ResponseReturnValue:
    """Lead to the page of whoever has this id, under the name of today."""
    with sandbox().lock:
        found = world().profile(identifier)
    if found is None:
        return render_template("sandbox/nobody.html", username=str(identifier)), 404
    return redirect(url_for("timeline.timeline", username=found.username))


@blueprint.after_request
def restrict(response: Response) -> Response:
    """Allow a page its style sheet and nothing else."""
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
