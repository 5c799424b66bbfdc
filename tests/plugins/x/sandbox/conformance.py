"""Holds requests and answers against X's own OpenAPI description."""

import json
import os
import warnings
from functools import cache
from pathlib import Path
from typing import Any

import requests
from openapi_core import Config, OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest, RequestsOpenAPIResponse
from openapi_core.exceptions import OpenAPIError

NAMED_BY = "FANFARE_X_OPENAPI"
X = "https://api.x.com"


@cache
def description() -> OpenAPI:
    """Read the description that the environment names.

    The description is not checked itself: X's file repeats a value in one of its lists.
    """
    content = json.loads(Path(os.environ[NAMED_BY]).read_text(encoding="utf-8"))
    return OpenAPI.from_dict(
        content,
        config=Config(
            spec_validator_cls=None,
            extra_media_type_deserializers={"application/problem+json": json.loads},
        ),
    )


def request_fault(answer: requests.Response) -> str:
    """Say what is wrong with the request of `answer`; nothing when all is well."""
    return _fault(description().validate_request, _request(answer))


def answer_fault(answer: requests.Response) -> str:
    """Say what is wrong with `answer`; nothing when all is well."""
    return _fault(
        description().validate_response, _request(answer), RequestsOpenAPIResponse(answer)
    )


def _fault(validate: Any, *given: Any) -> str:
    try:
        with warnings.catch_warnings():
            # The library cannot judge OAuth 2; the description offers OAuth 1.0a beside it.
            warnings.filterwarnings("ignore", "Unsupported scheme type")
            validate(*given)
    except OpenAPIError as error:
        return f"{error} {error.__cause__ or ''} {getattr(error, 'schema_errors', '')}".strip()
    return ""


def _request(answer: requests.Response) -> RequestsOpenAPIRequest:
    sent = answer.request.copy()
    sent.url = X + sent.path_url
    # Signing leaves some values as bytes, which the library would not recognise.
    for name, value in sent.headers.items():
        sent.headers[name] = value.decode() if isinstance(value, bytes) else value
    return RequestsOpenAPIRequest(sent)
