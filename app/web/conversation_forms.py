"""What the addresses below `/api/conversations` take and give, as pydantic forms."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.storage.records import Conversation, StoredTurn
from app.topics import LONGEST
from app.web.schema import Strict

_Knows = Literal["character", "viewer"]
_AsOf = Annotated[str | None, Field(examples=["S03E07"])]
# Told to who reads the document; `app.topics.checked` refuses what is longer, and says so better.
_Content = Annotated[
    str, Field(examples=["Who is your sister?"], json_schema_extra={"minLength": 1, "maxLength": LONGEST})
]


class Sampled(Strict):
    """How a reply is sampled."""

    seed: Annotated[int | None, Field(ge=-(2**63), lt=2**63)] = None
    candidates: Annotated[int | None, Field(ge=1, le=16)] = None


class Said(Sampled):
    """What the user says, and up to where the answer may know."""

    content: _Content
    as_of: _AsOf = None
    knows: _Knows | None = None


class Message(Said):
    """A message to a conversation; `after` is the turn that it follows, by default the one it stands at."""

    after: Annotated[str | None, Field(max_length=32)] = None


class Begin(Strict):
    """A new conversation, with its first message if one is to be answered right away."""

    model: Annotated[str, Field(examples=["friends/joey"])]
    title: Annotated[str | None, Field(max_length=200)] = None
    message: Said | None = None


class Change(Strict):
    """A new title, or the turn whose branch is to be read from now on."""

    title: Annotated[str | None, Field(min_length=1, max_length=200)] = None
    leaf: Annotated[str | None, Field(max_length=32)] = None


class Paging(BaseModel):
    """Which conversations are listed: `limit` of them, after those of the page that gave `before` as its `next`."""

    limit: Annotated[int, Field(ge=1, le=100)] = 50
    before: str | None = None


class _Given(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ConversationForm(_Given):
    """A conversation without its turns; times are unix seconds."""

    id: str
    model: str
    show: str
    persona: str
    title: str
    created: float
    updated: float
    leaf: str | None
    branched_from: str | None


class TurnForm(_Given):
    """One turn; `siblings` are the ids of all turns that stand in its place, in other branches."""

    id: str
    parent: str | None
    role: Literal["user", "assistant"]
    content: str
    as_of: str
    knows: str
    created: float
    siblings: list[str]
    canon: dict[str, Any] | None


class WhyForm(BaseModel):
    """How a reply came about: the steps of the pipeline; null for one that was kept before these were."""

    turn: str
    as_of: str
    trace: list[dict[str, Any]] | None


class OpenedForm(BaseModel):
    """A conversation and turns of it, oldest first."""

    conversation: ConversationForm
    turns: list[TurnForm]


class PageForm(BaseModel):
    """Conversations, the latest first; `next` is the `before` of the next page, null at the end."""

    conversations: list[ConversationForm]
    next: str | None


class ExportForm(OpenedForm):
    """A conversation with the turns of all its branches, oldest first."""

    format: Literal["canon-conversation/1"] = "canon-conversation/1"


def conversation_form(kept: Conversation) -> ConversationForm:
    """What is told of a conversation."""
    return ConversationForm.model_validate(vars(kept) | {"model": f"{kept.show}/{kept.persona}"})


def turn_forms(turns: tuple[StoredTurn, ...]) -> list[TurnForm]:
    """What is told of turns."""
    return [TurnForm.model_validate(vars(turn) | {"canon": _told(turn)}) for turn in turns]


def _told(turn: StoredTurn) -> dict[str, Any] | None:
    """What goes with every reply; its trace is asked for by itself."""
    return None if turn.canon is None else {key: value for key, value in turn.canon.items() if key != "trace"}
