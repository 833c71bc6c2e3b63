"""The page of a blind judging, on this machine alone: two replies side by side, nothing that says whose they are."""

import asyncio
import mimetypes
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from quart import Quart, Response, jsonify, request, send_from_directory
from werkzeug.exceptions import HTTPException

from app.web.errors import ApiError, as_api_error, error_body
from app.web.headers import secured
from app.web.schema import read_json
from evaluation.pairwise import Judging
from parsing.errors import CanonError

FOLDER = Path(__file__).with_name("pairwise_page")
HOSTS = ("127.0.0.1", "localhost", "::1")
BODY_LIMIT = 4096  # bytes


class Choice(BaseModel):
    """What a person says of the pair that is shown."""

    model_config = ConfigDict(extra="forbid")
    id: str = Field(min_length=1, max_length=200)
    choice: Literal["left", "right", "both", "neither"]


class Undo(BaseModel):
    """Nothing to say: the latest choice is forgotten."""

    model_config = ConfigDict(extra="forbid")


def create_app(judging: Judging) -> Quart:
    """The application that shows the pairs of `judging` and keeps what is chosen."""
    app = Quart("evaluation", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
    app.config["BODY_TIMEOUT"] = 20  # seconds
    app.after_request(_after)
    _guarded(app)
    _choices(app, judging)
    _page(app)
    return app


async def _after(response: Response) -> Response:
    return secured(response)


def _guarded(app: Quart) -> None:
    @app.before_request
    async def ours() -> None:
        """A name of another site that points here (DNS rebinding) is refused."""
        if _name(request.host) not in HOSTS:
            raise ApiError(f"this page is served to {HOSTS[0]} alone", status=421, code="misdirected")

    @app.errorhandler(CanonError)
    async def meant(error: CanonError) -> Response:
        return _answered(as_api_error(error))

    @app.errorhandler(HTTPException)
    async def http(error: HTTPException) -> Response:
        return _answered(ApiError(error.description or error.name, status=error.code or 500))


def _name(host: str) -> str:
    """The host without its port."""
    return host[1 : host.find("]")] if host.startswith("[") else host.partition(":")[0]


def _answered(error: ApiError) -> Response:
    response = jsonify(error_body(str(error), error.type, error.param, error.code))
    response.status_code = error.status
    return response


def _choices(app: Quart, judging: Judging) -> None:
    @app.get("/api/pair")
    async def pair() -> Response:
        """The next open pair."""
        return jsonify(await asyncio.to_thread(_shown, judging))

    @app.post("/api/choice")
    async def choose() -> Response:
        """Keep a choice; answers with the next pair."""
        said = await read_json(Choice)
        await asyncio.to_thread(judging.choose, said.id, said.choice)
        return jsonify(await asyncio.to_thread(_shown, judging))

    @app.post("/api/undo")
    async def undo() -> Response:
        """Forget the latest choice; answers with its pair."""
        await read_json(Undo)
        await asyncio.to_thread(judging.undo)
        return jsonify(await asyncio.to_thread(_shown, judging))


def _shown(judging: Judging) -> dict[str, Any]:
    """What the page may know: neither results nor kind, nor which reply is whose."""
    pair, done = judging.next()
    told: dict[str, Any] = {"done": done, "of": len(judging.pairs), "pair": None}
    if pair is not None:
        left, right = judging.sides(pair)
        asked = {"id": pair.id, "persona": pair.persona, "as_of": pair.as_of, "question": pair.question}
        told["pair"] = asked | {"left": left, "right": right}
    return told


def _page(app: Quart) -> None:
    mimetypes.add_type("text/javascript", ".js")  # some systems say text/plain, which `nosniff` then refuses

    @app.get("/")
    async def index() -> Response:
        return await send_from_directory(FOLDER, "index.html")

    @app.get("/static/<path:name>")
    async def static(name: str) -> Response:
        return await send_from_directory(FOLDER, name)

    @app.get("/favicon.ico")
    async def favicon() -> Response:
        return Response(status=204)

    @app.get("/readyz")
    async def readyz() -> Response:
        return jsonify({"ready": True})
