"""What `POST /v1/chat/completions` accepts, checked field by field; the first thing wrong becomes one clear error.

The fields are OpenAI's, plus our own: `as_of`, `knows`, `candidates`, `trace`. Fields that we have no use for (`user`,
`presence_penalty`, …) are let through, as every chat client sends some.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from quart import request

from app.bot import Bot
from app.topics import checked
from app.types import ChatRequest, Turn
from app.web.errors import ApiError, as_api_error
from parsing.errors import CanonError
from parsing.manifest import CastMember, Show, nearest

MOST_MESSAGES = 200  # in one request, system messages included
MOST_CHARACTERS = 100_000  # over all messages
_Form = TypeVar("_Form", bound=BaseModel)
_T = TypeVar("_T")


class Strict(BaseModel):
    """No "3" for 3: what a client sends has the type the field has."""

    model_config = ConfigDict(strict=True, extra="ignore")


class Part(Strict):
    """One part of a message's content; only text can be read."""

    type: Literal["text"]
    text: str


class Message(Strict):
    """One message of the conversation."""

    role: Literal["system", "developer", "user", "assistant"]
    content: str | list[Part] | None = None

    @property
    def text(self) -> str:
        """The content as one string."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content)
        return self.content or ""


class StreamOptions(Strict):
    """Options of a streamed answer."""

    include_usage: bool = False


class ChatBody(Strict):
    """The body of a chat completion."""

    model: str
    messages: Annotated[list[Message], Field(min_length=1, max_length=MOST_MESSAGES)]
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: Literal[1] | None = None
    seed: Annotated[int, Field(ge=-(2**63), lt=2**63)] | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    top_p: Annotated[float, Field(gt=0, le=1)] | None = None
    max_tokens: Annotated[int, Field(ge=1)] | None = None
    max_completion_tokens: Annotated[int, Field(ge=1)] | None = None
    as_of: str | None = None
    knows: Literal["character", "viewer"] | None = None
    candidates: Annotated[int, Field(ge=1, le=16)] | None = None
    trace: bool | None = None  # show in `canon.trace` how the answer came about


@dataclass(frozen=True)
class Call:
    """A checked request: what the bot is asked, and how the answer is to be sent."""

    show: Show
    member: CastMember
    request: ChatRequest
    stream: bool
    include_usage: bool
    trace: bool
    unused: tuple[str, ...]  # what was sent and is not used: our personas bring their own system prompt

    @property
    def model(self) -> str:
        """The model's id: "friends/joey"."""
        return model_id(self.show, self.member)


def model_id(show: Show, member: CastMember) -> str:
    """The id under which a persona is offered."""
    return f"{show.id}/{member.slug}"


def read_call(body: ChatBody, bot: Bot) -> Call:
    """What a body asks for. Raises `ApiError` naming the field."""
    show, member = find_model(body.model, bot)
    as_of = about("as_of", lambda: show.as_of(body.as_of))
    turns = [(place, message) for place, message in enumerate(body.messages) if message.role in {"user", "assistant"}]
    if not turns or turns[-1][1].role != "user":
        raise ApiError("the last message must be the user's", param="messages", code="invalid_value")
    if sum(len(message.text) for message in body.messages) > MOST_CHARACTERS + len(turns[-1][1].text):
        raise ApiError(
            f"the messages before the last one have more than {MOST_CHARACTERS:,} characters: send fewer of them",
            param="messages", code="context_length_exceeded",
        )  # fmt: skip
    asked = ChatRequest(
        show=show.id,
        persona=member.name,
        message=about(f"messages[{turns[-1][0]}].content", lambda: checked(turns[-1][1].text)),
        history=tuple(Turn(message.role, message.text) for _, message in turns[:-1] if message.text.strip()),
        as_of=as_of,
        knows=body.knows or "character",
        seed=None if body.seed is None else abs(body.seed) % 2**31,
        candidates=body.candidates,
        temperature=body.temperature,
        top_p=body.top_p,
        max_tokens=_limit(body, bot),
    )
    unused = tuple(
        f"messages[{i}] ({m.role})" for i, m in enumerate(body.messages) if m.role in {"system", "developer"}
    )
    usage = body.stream_options is not None and body.stream_options.include_usage
    return Call(show, member, asked, bool(body.stream), usage, bool(body.trace), unused)


def find_model(text: str, bot: Bot) -> tuple[Show, CastMember]:
    """The persona that a model id names ("friends/joey"). Raises `ApiError` naming the nearest, never guesses."""
    models = [model_id(show, member) for show in bot.shows.values() for member in show.personas]
    show_id, _, persona = text.partition("/")
    try:
        if show_id in bot.shows and persona:
            return bot.shows[show_id], bot.shows[show_id].persona(persona)
    except CanonError:
        pass  # said below, in terms of models
    raise ApiError(
        f"no model '{text[:80]}'{nearest(text, models)}; GET /v1/models lists them",
        status=404, param="model", code="model_not_found",
    )  # fmt: skip


def _limit(body: ChatBody, bot: Bot) -> int | None:
    """An upper bound above our own is kept by itself."""
    asked = body.max_completion_tokens or body.max_tokens
    return None if asked is None else min(asked, bot.settings.max_tokens)


def _json(raw: bytes | str) -> Mapping[str, Any]:
    try:
        value = json.loads(raw.decode("utf-8") if isinstance(raw, bytes) else raw)
        json.dumps(value, ensure_ascii=False).encode()  # half of a surrogate pair could be neither sent nor stored
    except UnicodeEncodeError:
        raise ApiError("the body has half of a surrogate pair in a text: no character", code="invalid_json") from None
    except UnicodeDecodeError as error:
        raise ApiError(f"the body is not UTF-8 (byte {error.start})", code="invalid_json") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise ApiError(f"the body is not JSON: {error.msg} at {where}", code="invalid_json") from None
    except RecursionError:
        raise ApiError("the body is nested too deeply", code="invalid_json") from None
    if not isinstance(value, dict):
        raise ApiError(f"the body must be a JSON object, found {type(value).__name__}", code="invalid_json")
    return value


def read_form(raw: bytes | str, form: type[_Form]) -> _Form:
    """A body as `form`. Raises `ApiError` naming the first field that is wrong."""
    value = _json(raw)
    try:
        return form.model_validate(value)
    except ValidationError as error:
        raise form_error(error) from None


async def read_json(form: type[_Form]) -> _Form:
    """The body of the present request as `form`. Raises `ApiError`, also for a body that isn't said to be JSON.

    A form of another site can't send that type without asking first, so no page elsewhere can talk to us.
    """
    if request.mimetype != "application/json":
        raise ApiError(
            f"the content type must be application/json, found '{request.mimetype[:60]}'", status=415,
            code="unsupported_media_type",
        )  # fmt: skip
    return read_form(await request.get_data(), form)


def form_error(error: ValidationError) -> ApiError:
    """The first thing that is wrong, with the name of its field."""
    first = error.errors(include_url=False, include_context=False)[0]
    param = _param(first["loc"])
    message = f"{param}: {first['msg'][:1].lower()}{first['msg'][1:]}"
    if first["type"] == "missing":
        return ApiError(f"'{param}' is missing", param=param, code="missing_required_parameter")
    return ApiError(f"{message}, found {_short(first['input'])}", param=param, code="invalid_type")


def _param(place: tuple[int | str, ...]) -> str:
    """As in "messages[0].content"; the names pydantic gives to the branches of a union are left out."""
    text = ""
    for part in place:
        if isinstance(part, int):
            text += f"[{part}]"
        elif part.isidentifier() and part != "str":
            text += f".{part}" if text else part
    return text


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:57]}…"


def about(param: str, read: Callable[[], _T]) -> _T:
    """What `read` gives; an error of its becomes an `ApiError` on the field `param`."""
    try:
        return read()
    except CanonError as error:
        raise as_api_error(error, param) from None
