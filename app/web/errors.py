"""Errors as OpenAI's clients expect them: `{"error": {"message", "type", "param", "code"}}` with the right status.

Form: https://platform.openai.com/docs/guides/error-codes/api-errors.
"""

from typing import Any

from parsing.errors import CanonError, NotFound, Unavailable

INVALID = "invalid_request_error"


class ApiError(CanonError):
    """An error of the service itself, with everything its JSON form needs."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        type_: str = INVALID,
        param: str | None = None,
        code: str | None = None,
        retry_after: int | None = None,
    ) -> None:
        """`retry_after` in seconds becomes the header of that name."""
        super().__init__(message)
        self.status = status
        self.type = type_
        self.param = param
        self.code = code
        self.retry_after = retry_after


def error_body(message: str, type_: str = INVALID, param: str | None = None, code: str | None = None) -> dict[str, Any]:
    """The JSON form of an error."""
    return {"error": {"message": message, "type": type_, "param": param, "code": code}}


def as_api_error(error: CanonError, param: str | None = None) -> ApiError:
    """Any error meant for people as one of the service; `param` names the field that caused it."""
    if isinstance(error, ApiError):
        return error
    if isinstance(error, Unavailable):
        return ApiError(str(error), status=503, type_="server_error", param=param, code="unavailable", retry_after=2)
    code = "not_found" if isinstance(error, NotFound) else "invalid_value"
    return ApiError(str(error), status=error.status, param=param, code=code)
