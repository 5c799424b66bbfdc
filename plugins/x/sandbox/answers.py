"""The bodies X answers with when it refuses, and the refusals themselves."""

from collections.abc import Mapping
from typing import Any

PROBLEMS = "https://api.x.com/2/problems/"
Body = dict[str, Any]


class Refusal(Exception):
    """A request that X would not do; it carries the answer's status, body and own headers."""

    def __init__(self, status: int, body: Body, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(body.get("detail", ""))
        self.status = status
        self.body = body
        self.headers = dict(headers or {})


def refusal(status: int, title: str, *, detail: str = "", kind: str = "") -> Refusal:
    """Return a refusal with a problem body; without a `kind` its type says nothing."""
    body = {
        "title": title,
        "detail": detail or title,
        "type": PROBLEMS + kind if kind else "about:blank",
        "status": status,
    }
    return Refusal(status, body)


def unauthorized() -> Refusal:
    """Return what X says to a wrong key, token, signature or time."""
    return refusal(401, "Unauthorized")


def user_only() -> Refusal:
    """Return what X says to an app's own token where an account must ask."""
    return refusal(
        403,
        "Unsupported Authentication",
        detail="Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint. "
        "Supported authentication types are [OAuth 1.0a User Context, OAuth 2.0 User Context].",
        kind="unsupported-authentication",
    )


def forbidden(detail: str = "Forbidden") -> Refusal:
    """Return a plain 403 with its sentence."""
    return refusal(403, "Forbidden", detail=detail)


def invalid(parameter: str, value: str, message: str) -> Refusal:
    """Return what X says to a parameter it cannot take."""
    problem = refusal(
        400,
        "Invalid Request",
        detail="One or more parameters to your request was invalid.",
        kind="invalid-request",
    )
    problem.body["errors"] = [{"parameters": {parameter: [value]}, "message": message}]
    return problem


def not_found(resource: str, parameter: str, value: str) -> Body:
    """Return the partial error of a lookup that found nothing."""
    return {
        "value": value,
        "detail": f"Could not find {resource} with {parameter}: [{value}].",
        "title": "Not Found Error",
        "resource_type": resource,
        "parameter": parameter,
        "resource_id": value,
        "type": f"{PROBLEMS}resource-not-found",
    }


def closed(parameter: str, value: str) -> Body:
    """Return the partial error of a lookup that found a suspended user."""
    return {
        **not_found("user", parameter, value),
        "title": "Forbidden",
        "detail": f"User has been suspended: [{value}].",
    }


def not_visible(resource: str, parameter: str, value: str) -> Body:
    """Return the partial error of what only approved followers may see."""
    whom = f"the {resource} with {parameter}: [{value}]"
    return {
        "value": value,
        "detail": f"Sorry, you are not authorized to see {whom}.",
        "title": "Authorization Error",
        "resource_type": resource,
        "parameter": parameter,
        "resource_id": value,
        "section": "data",
        "type": f"{PROBLEMS}not-authorized-for-resource",
    }
