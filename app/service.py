"""The service: OpenAI's chat completions with a `canon` object, our own small API, the page at `/`.

    from app.service import create_app
    app = create_app(bot)              # a Quart application; `python -m app` runs it on Hypercorn

Generation never runs on the event loop (the engine sees to that), a client that leaves cancels its reply (Quart cancels
the handler), and what is refused is refused before the first byte, with a status that says why.
"""

import asyncio
import logging
import mimetypes
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quart import Quart, Response, jsonify, request, send_from_directory
from werkzeug.exceptions import HTTPException

from app.bot import Bot
from app.storage.store import Store
from app.types import Reply
from app.web import catalogue
from app.web.conversations import conversations
from app.web.errors import ApiError, as_api_error, error_body
from app.web.gate import Gate
from app.web.graph import AsOf, graph
from app.web.headers import secured
from app.web.lines import Lines
from app.web.metrics import CONTENT_TYPE, Metrics
from app.web.openai_forms import Head, chunks, completion
from app.web.openapi import described, hide, openapi
from app.web.schema import Call, ChatBody, about, model_id, read_call, read_json
from parsing.errors import CanonError
from parsing.manifest import Show, nearest

STATIC = Path(__file__).with_name("static")
BODY_LIMIT = 256 * 1024  # bytes
_log = logging.getLogger("canon.service")


@dataclass
class Service:
    """What one running service holds."""

    bot: Bot
    gate: Gate
    metrics: Metrics
    deadline: float  # seconds a reply may take, the waiting in line included
    store: Store = field(default_factory=Store)  # conversations; by default in memory
    lines: Lines = field(default_factory=Lines)
    ready: bool = False
    failure: str | None = None  # why it will not become ready
    created: int = field(default_factory=lambda: int(time.time()))  # unix seconds

    def show(self, show_id: str) -> Show:
        """A served show. Raises `ApiError` naming the nearest."""
        if show_id not in self.bot.shows:
            raise ApiError(
                f"no show '{show_id[:60]}' here{nearest(show_id, self.bot.shows)}", status=404, param="show",
                code="not_found",
            )  # fmt: skip
        return self.bot.shows[show_id]

    async def load(self) -> None:
        """Load graphs and model off the event loop; what fails is kept and said by /readyz and every chat."""
        try:
            await asyncio.to_thread(self.bot.warm)
        except CanonError as error:
            self.failure = str(error)
            _log.error("not ready: %s", error)
            return
        self.ready = True
        self.metrics.ready.set(1)

    def check_ready(self) -> None:
        """Raises `ApiError` (503) until everything is loaded."""
        if not self.ready:
            message = self.failure or "the model is still being loaded: try again in a moment"
            retry = None if self.failure else 1
            raise ApiError(message, status=503, type_="server_error", code="not_ready", retry_after=retry)

    async def answer(self, call: Call) -> tuple[Reply, dict[str, Any]]:
        """The checked reply and its `canon` object."""
        self.check_ready()
        try:
            async with asyncio.timeout(self.deadline), self.gate.place():
                reply = await self.bot.reply(call.request)
                graph = await asyncio.to_thread(self.bot.graph, call.request)
        except TimeoutError:
            message = f"no reply within {self.deadline:g} s"
            raise ApiError(message, status=503, type_="server_error", code="deadline", retry_after=5) from None
        except asyncio.CancelledError:
            self.metrics.cancelled.inc()
            raise
        self.metrics.count(call.show.id, call.member.slug, reply)
        return reply, catalogue.canon_json(call, reply, graph)


def create_app(
    bot: Bot, store: Store | None = None, *, running: int = 4, waiting: int = 32, deadline: float = 120.0
) -> Quart:
    """The application that serves the shows of `bot`; without a `store`, conversations end with it.

    `running` and `waiting` count replies being made at once and requests in line (further ones get 429); `deadline` is
    how many seconds a reply may take before the client is told to come back.
    """
    gate = Gate(running, waiting)
    service = Service(bot, gate, Metrics(gate), deadline, store or Store())
    app = Quart("app", static_folder=None)
    openapi(app)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
    app.config["BODY_TIMEOUT"] = 20  # seconds: nobody holds a connection by sending slowly
    app.extensions["canon"] = service
    app.after_request(_after)
    _lifecycle(app, service)
    _errors(app, service)
    _completions(app, service)
    _own(app, service)
    graph(app, service)
    conversations(app, service)
    _operation(app, service)
    _page(app)
    return app


async def _after(response: Response) -> Response:
    return secured(response)


def _lifecycle(app: Quart, service: Service) -> None:
    @app.before_serving
    async def start() -> None:
        await service.store.start()
        app.add_background_task(service.load)

    @app.after_serving
    async def stop() -> None:
        await service.bot.engine.close()
        await service.store.close()


def _errors(app: Quart, service: Service) -> None:
    def answered(error: ApiError) -> Response:
        service.metrics.errors.labels(str(error.status)).inc()
        response = jsonify(error_body(str(error), error.type, error.param, error.code))
        response.status_code = error.status
        if error.retry_after is not None:
            response.headers["Retry-After"] = str(error.retry_after)
        return response

    @app.errorhandler(CanonError)
    async def ours(error: CanonError) -> Response:
        return answered(as_api_error(error))

    @app.errorhandler(HTTPException)
    async def http(error: HTTPException) -> Response:
        status = error.code or 500
        told = {
            404: f"nothing at {request.path[:100]}",
            405: f"{request.method} is not served at {request.path[:100]}",
            408: "the body did not arrive in time",
            413: f"the body is larger than {BODY_LIMIT // 1024} KiB",
        }
        found = ApiError(told.get(status, error.description or error.name), status=status, code=_slug(error.name))
        response = answered(found)
        if status == 405 and getattr(error, "valid_methods", None):
            response.headers["Allow"] = ", ".join(error.valid_methods or ())  # type: ignore[attr-defined]
        return response

    @app.errorhandler(Exception)
    async def defect(error: Exception) -> Response:
        _log.error("a defect of ours", exc_info=error)
        return answered(ApiError("the service made a mistake; it is in its log", status=500, type_="server_error"))


def _slug(name: str) -> str:
    return name.lower().replace(" ", "_")


def _completions(app: Quart, service: Service) -> None:
    @app.get("/v1/models")
    @described("openai")
    async def models() -> Response:
        """Every persona as a model."""
        shows = service.bot.shows.values()
        ids = [model_id(show, member) for show in shows for member in show.personas]
        listed = [{"id": i, "object": "model", "created": service.created, "owned_by": "canon"} for i in ids]
        return jsonify({"object": "list", "data": listed})

    @app.post("/v1/chat/completions")
    @described("openai", body=ChatBody, makes_reply=True)
    async def chat() -> Response:
        """A reply, whole or in chunks."""
        call = read_call(await read_json(ChatBody), service.bot)
        reply, canon = await service.answer(call)
        head = Head(call.model)
        if not call.stream:
            return jsonify(completion(head, reply.text, canon, reply.usage))
        events = chunks(head, reply.text, canon, reply.usage, include_usage=call.include_usage)

        async def send() -> AsyncIterator[bytes]:
            for event in events:
                yield event

        response = Response(send(), mimetype="text/event-stream")
        response.headers["X-Accel-Buffering"] = "no"  # a proxy shall not hold the pieces back
        return response


def _own(app: Quart, service: Service) -> None:
    @app.get("/api/shows")
    @described("shows")
    async def shows() -> Response:
        """Shows, personas, episodes, questions to begin with."""
        listed = [catalogue.show_json(show) for show in service.bot.shows.values()]
        return jsonify({"shows": listed})

    @app.get("/api/shows/<show_id>/line/<utterance>")
    @described("shows", query=AsOf)
    async def line(show_id: str, utterance: str) -> Response:
        """The line behind a piece of evidence."""
        show = service.show(show_id)
        as_of = about("as_of", lambda: show.as_of(request.args.get("as_of")))
        return jsonify(await asyncio.to_thread(service.lines.line, show, utterance, as_of))


def _operation(app: Quart, service: Service) -> None:
    @app.get("/healthz")
    @described("operation")
    async def healthz() -> Response:
        """The service is alive."""
        return jsonify({"status": "ok"})

    @app.get("/readyz")
    @described("operation")
    async def readyz() -> Response:
        """Graphs and model are loaded."""
        response = jsonify({"ready": service.ready, "error": service.failure})
        response.status_code = 200 if service.ready else 503
        return response

    @app.get("/metrics")
    @hide
    async def metrics() -> Response:
        return Response(service.metrics.text(), content_type=CONTENT_TYPE)


def _page(app: Quart) -> None:
    mimetypes.add_type("text/javascript", ".js")  # some systems say text/plain, which `nosniff` then refuses

    @app.get("/")
    @hide
    async def index() -> Response:
        return await send_from_directory(STATIC, "index.html")

    @app.get("/static/<path:name>")
    @hide
    async def static(name: str) -> Response:
        return await send_from_directory(STATIC, name)

    @app.get("/favicon.ico")
    @hide
    async def favicon() -> Response:
        return await send_from_directory(STATIC, "favicon.svg")
