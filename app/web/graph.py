"""`GET /api/shows/<show>/graph`: what is around a node, all or the nearest, as of a moment and as known to one."""

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, Field, ValidationError
from quart import Quart, Response, jsonify, request

from app.web import catalogue
from app.web.errors import ApiError
from app.web.neighbours import MOST, neighbours
from app.web.openapi import described
from app.web.schema import about, form_error

if TYPE_CHECKING:
    from app.service import Service


class AsOf(BaseModel):
    """The episode up to which the viewer has watched, included; by default the last."""

    as_of: str | None = None


class GraphQuery(AsOf):
    """Which node, at which moment, and as known to which persona (by default to the viewer).

    With `most`, so many of its neighbours, the most telling first, in place of every fact.
    """

    node: str | None = None
    persona: str | None = None
    most: Annotated[int | None, Field(ge=1, le=MOST)] = None


def graph(app: Quart, service: "Service") -> None:
    """Serve the address."""

    @app.get("/api/shows/<show_id>/graph")
    @described("shows", query=GraphQuery)
    async def neighbourhood(show_id: str) -> Response:
        """A node and what is around it, at a moment and as known to the viewer or one persona."""
        show = service.show(show_id)
        try:
            query = GraphQuery.model_validate(request.args.to_dict())
        except ValidationError as error:
            raise form_error(error) from None
        as_of = about("as_of", lambda: show.as_of(query.as_of))
        node, persona, most = query.node or "", query.persona, query.most
        if not node.strip():
            raise ApiError("'node' is missing: a name or id, such as ?node=Monica", param="node", code="missing")
        asked = catalogue.viewer(show, as_of)
        if persona:
            asked = about("persona", lambda: catalogue.knower(show, as_of, persona))

        def read() -> dict[str, Any]:
            seen = service.bot.graph(asked)
            return catalogue.neighbourhood(seen, node) if most is None else neighbours(seen, node, most)

        return jsonify(await asyncio.to_thread(read))
