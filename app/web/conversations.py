"""Conversations below `/api/conversations`: list, open, rename, delete, export, say, edit, regenerate, branch.

A reply is made by the one `Service.answer`; both turns are stored, and only then answered with. A conversation belongs
to the browser that began it: an unguessable key in a cookie that no script and no other site can read or send.
"""

import hashlib
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pydantic import ValidationError
from quart import Quart, Response, jsonify, request

from app.storage.records import Conversation, NewTurn, Opened, StoredTurn
from app.topics import checked
from app.types import ChatRequest, Turn
from app.web.conversation_forms import (
    Begin,
    Change,
    ExportForm,
    Message,
    OpenedForm,
    PageForm,
    Paging,
    Said,
    Sampled,
    WhyForm,
    conversation_form,
    turn_forms,
)
from app.web.errors import ApiError
from app.web.openapi import described
from app.web.schema import MOST_CHARACTERS, MOST_MESSAGES, Call, about, find_model, form_error, read_json
from app.web.why import why

if TYPE_CHECKING:
    from app.service import Service

COOKIE = "canon"
_YEAR = 365 * 24 * 3600  # seconds
_TITLE = 80  # characters of the first message that become the title
_ROOT = "/api/conversations"
_ONE = f"{_ROOT}/<conversation>"
_TURN = f"{_ONE}/turns/<turn>"


def conversations(app: Quart, service: "Service") -> None:
    """Serve the addresses."""
    _collection(app, service)
    _one(app, service)
    _saying(app, service)
    _branching(app, service)
    _telling(app, service)


def _collection(app: Quart, service: "Service") -> None:
    @app.get(_ROOT)
    @described("conversations", PageForm, query=Paging)
    async def list_conversations() -> Response:
        """Your conversations, the latest first."""
        try:
            asked = Paging.model_validate(request.args.to_dict())
        except ValidationError as error:
            raise form_error(error) from None
        page = await service.store.list(owner(), asked.limit, asked.before)
        told = PageForm(conversations=[conversation_form(c) for c in page.conversations], next=page.following)
        return jsonify(told.model_dump())

    @app.post(_ROOT)
    @described("conversations", OpenedForm, body=Begin, status=201, makes_reply=True)
    async def begin_conversation() -> Response:
        """Begin a conversation, and have its first message answered."""
        form = await read_json(Begin)
        show, member = find_model(form.model, service.bot)
        kept = Conversation("", form.title or "", show.id, member.slug, 0.0, 0.0)
        said = [] if form.message is None else await exchange(service, kept, (), form.message)
        title = _plain(form.title or "").strip() or _title(said)
        key = request.cookies.get(COOKIE) or secrets.token_urlsafe(32)
        opened = await service.store.create(owner(key), show.id, member.slug, title, said)
        response = _told(opened, 201)
        response.headers["Location"] = f"{_ROOT}/{opened.conversation.id}"
        response.set_cookie(
            COOKIE, key, max_age=_YEAR, httponly=True, samesite="Strict", secure=request.is_secure, path="/"
        )
        return response


def _one(app: Quart, service: "Service") -> None:
    @app.get(_ONE)
    @described("conversations", OpenedForm)
    async def open_conversation(conversation: str) -> Response:
        """A conversation with its turns, from the first to where it stands."""
        return _told(await service.store.read(owner(), conversation))

    @app.patch(_ONE)
    @described("conversations", OpenedForm, body=Change)
    async def change_conversation(conversation: str) -> Response:
        """Rename a conversation, or go to another branch of it."""
        form = await read_json(Change)
        opened = None
        if form.title is not None:
            title = about("title", lambda: checked(_plain(form.title or "")))
            opened = await service.store.rename(owner(), conversation, title)
        if form.leaf is not None:
            opened = await service.store.stand(owner(), conversation, form.leaf)
        if opened is None:
            raise ApiError("nothing to change: give a 'title' or a 'leaf'", param="title", code="missing")
        return _told(opened)

    @app.delete(_ONE)
    @described("conversations", None, status=204)
    async def delete_conversation(conversation: str) -> Response:
        """Delete a conversation with all its turns."""
        await service.store.delete(owner(), conversation)
        return Response(b"", status=204)

    @app.get(f"{_ONE}/export")
    @described("conversations", ExportForm)
    async def export_conversation(conversation: str) -> Response:
        """A conversation with the turns of all its branches, as a file."""
        kept, turns = await service.store.export(owner(), conversation)
        told = ExportForm(conversation=conversation_form(kept), turns=turn_forms(turns))
        response = jsonify({"format": told.format} | told.model_dump())
        name = f"canon-{kept.persona}-{kept.id[:8]}.json"  # a slug need not be ASCII
        response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
        return response


def _saying(app: Quart, service: "Service") -> None:
    @app.post(f"{_ONE}/messages")
    @described("conversations", OpenedForm, body=Message, status=201, makes_reply=True)
    async def say(conversation: str) -> Response:
        """Say something; the answer holds both new turns, which are stored by then."""
        form = await read_json(Message)
        opened = await service.store.read(owner(), conversation, form.after)
        said = await exchange(service, opened.conversation, opened.path, form)
        return await _add(service, opened, opened.path[-1].id if opened.path else None, said)

    @app.post(f"{_TURN}/edit")
    @described("conversations", OpenedForm, body=Said, status=201, makes_reply=True)
    async def edit(conversation: str, turn: str) -> Response:
        """Say something else in place of a turn of yours: a branch begins, and the old one stays."""
        form = await read_json(Said)
        opened, found = await _found(service, conversation, turn, "user")
        said = await exchange(service, opened.conversation, opened.path[:-1], form)
        return await _add(service, opened, found.parent, said)


def _branching(app: Quart, service: "Service") -> None:
    @app.post(f"{_TURN}/regenerate")
    @described("conversations", OpenedForm, body=Sampled, status=201, makes_reply=True)
    async def regenerate(conversation: str, turn: str) -> Response:
        """Another reply in place of one, to the same message at the same moment; the old one stays beside it."""
        form = await read_json(Sampled)
        opened, found = await _found(service, conversation, turn, "assistant")
        asked = opened.path[-2]
        seed = secrets.randbelow(2**31) if form.seed is None else form.seed
        again = Said(
            content=asked.content, as_of=asked.as_of, knows=_knows(asked.knows), seed=seed, candidates=form.candidates
        )
        _, reply = await exchange(service, opened.conversation, opened.path[:-2], again)
        return await _add(service, opened, found.parent, [reply])

    @app.post(f"{_TURN}/branch")
    @described("conversations", OpenedForm, status=201)
    async def branch(conversation: str, turn: str) -> Response:
        """A new conversation that has the turns up to this one."""
        opened = await service.store.branch(owner(), conversation, turn)
        response = _told(opened, 201)
        response.headers["Location"] = f"{_ROOT}/{opened.conversation.id}"
        return response


def _telling(app: Quart, service: "Service") -> None:
    @app.get(f"{_TURN}/why")
    @described("conversations", WhyForm)
    async def why_this_answer(conversation: str, turn: str) -> Response:
        """How a reply came about, step by step."""
        _, found = await _found(service, conversation, turn, "assistant")
        told = WhyForm(turn=found.id, as_of=found.as_of, trace=(found.canon or {}).get("trace"))
        return jsonify(told.model_dump())


async def exchange(service: "Service", kept: Conversation, path: tuple[StoredTurn, ...], said: Said) -> list[NewTurn]:
    """The user's turn and the persona's, made by the one way there is; nothing is stored yet."""
    show, member = find_model(f"{kept.show}/{kept.persona}", service.bot)
    as_of, knows = about("as_of", lambda: show.as_of(said.as_of)), said.knows or "character"
    call = Call(
        show=show,
        member=member,
        request=ChatRequest(
            show=show.id,
            persona=member.name,
            message=about("content", lambda: checked(_plain(said.content))),
            history=tellable(path, as_of, knows),
            as_of=as_of,
            knows=knows,
            seed=None if said.seed is None else abs(said.seed) % 2**31,
            candidates=said.candidates,
        ),
        stream=False,
        include_usage=False,
        trace=True,
        unused=(),
    )
    reply, canon = await service.answer(call)
    canon["trace"] = why(canon["trace"])
    mine = NewTurn("user", call.request.message, as_of, knows)
    return [mine, replace(mine, role="assistant", content=reply.text, canon=canon)]


def tellable(path: tuple[StoredTurn, ...], as_of: str, knows: str) -> tuple[Turn, ...]:
    """The history that a reply may rest on, oldest first, no longer than a request of the chat API may send.

    What the persona said at a later moment, or with the viewer's knowledge, is no part of it; the user's own words
    stay, as they do in `app.prompting.sayable`, which then sorts out by names as well.
    """
    kept: list[Turn] = []
    left = MOST_CHARACTERS
    for turn in reversed(path):
        early = turn.as_of <= as_of and turn.knows in {knows, "character"}
        if turn.role != "user" and not early:
            continue
        left -= len(turn.content)
        if left < 0 or len(kept) == MOST_MESSAGES - 1:
            break
        kept.append(Turn(turn.role, turn.content))
    return tuple(reversed(kept))


def owner(key: str | None = None) -> str:
    """Whose conversations are asked for; the database holds a digest, so reading it opens nothing."""
    return hashlib.sha256((key or request.cookies.get(COOKIE, "")).encode()).hexdigest()


async def _found(service: "Service", conversation: str, turn: str, role: str) -> tuple[Opened, StoredTurn]:
    """The conversation up to a turn, which must be of that role. Raises `NotFound` or `ApiError`."""
    opened = await service.store.read(owner(), conversation, turn)
    found = opened.path[-1]
    if found.role != role:
        whose = "the persona's: only yours can be edited" if role == "user" else "yours: only replies are made anew"
        raise ApiError(f"turn '{turn[:40]}' is {whose}", param="turn", code="invalid_value")
    return opened, found


async def _add(service: "Service", opened: Opened, parent: str | None, said: list[NewTurn]) -> Response:
    """Store, and answer with what was added."""
    now = await service.store.add(owner(), opened.conversation.id, parent, said, _title(said))
    return _told(replace(now, path=now.path[-len(said) :]), 201)


def _told(opened: Opened, status: int = 200) -> Response:
    told = OpenedForm(conversation=conversation_form(opened.conversation), turns=turn_forms(opened.path))
    response: Response = jsonify(told.model_dump())
    response.status_code = status
    return response


def _title(said: list[NewTurn]) -> str:
    """The first message in one line, cut at a word."""
    line = " ".join(said[0].content.split()) if said else ""
    return line if len(line) <= _TITLE else f"{line[:_TITLE].rsplit(' ', 1)[0]}…"


def _plain(text: str) -> str:
    """Without the one character that PostgreSQL can't keep."""
    return text.replace("\0", " ")


def _knows(text: str) -> Any:
    return text if text in {"character", "viewer"} else None
