"""The OpenAPI document at `/openapi.json`: quart-schema makes it from the routes and the forms that check what is sent.

`described` says of a handler what it takes and gives. Answers to a chat are the forms of OpenAI's own document.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel
from quart import Quart
from quart_schema import QuartSchema, document_querystring, document_request, document_response, hide, tag

__all__ = ["ErrorForm", "described", "hide", "openapi"]

_F = TypeVar("_F", bound=Callable[..., Any])


class ErrorBody(BaseModel):
    """What went wrong, and which field is to blame."""

    message: str
    type: str
    param: str | None
    code: str | None


class ErrorForm(BaseModel):
    """Every error has this form, OpenAI's."""

    error: ErrorBody


class Nothing(BaseModel):
    """No content."""


class Anything(BaseModel, extra="allow"):
    """A JSON object."""


_BODY = (408, 409, 413, 415)
_REPLY = (429,)


def openapi(app: Quart) -> None:
    """Serve the document; no viewer of it, as those come from other hosts."""
    QuartSchema(
        app,
        redoc_ui_path=None,
        scalar_ui_path=None,
        swagger_ui_path=None,
        info={"title": "Canon", "version": "0.1.0", "description": "Talk to a character who says what the show says."},
    )


def described(
    group: str,
    answer: type[BaseModel] | None = Anything,
    *,
    query: type[BaseModel] | None = None,
    body: type[BaseModel] | None = None,
    status: int = 200,
    makes_reply: bool = False,
) -> Callable[[_F], _F]:
    """Say what a handler takes and gives. `makes_reply`: it may be refused because too many are waiting."""
    errors = (400, 404, 500, 503, *(_BODY if body else ()), *(_REPLY if makes_reply else ()))

    def mark(handler: _F) -> _F:
        handler = tag([group])(handler)
        handler = document_response(answer or Nothing, status)(handler)
        for error in errors:
            handler = document_response(ErrorForm, error)(handler)
        if query is not None:
            handler = document_querystring(query)(handler)
        return handler if body is None else document_request(body)(handler)

    return mark
