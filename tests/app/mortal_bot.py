"""The bot of `mortal`, warm: imported once, by the server that the services are forked from."""

import asyncio

import hypercorn.asyncio  # noqa: F401

import app.service
import app.storage.store  # noqa: F401
from app.bot import Bot, ChatRequest
from app.engines.scripted import ScriptedEngine
from kg.graph import Graph
from kg.types import Alias, Node
from parsing.manifest import load_show

SECONDS = 0.02  # a reply takes
SHOW = load_show("friends")
IDS = {member.name: member.name.lower().replace(" ", "_") for member in SHOW.personas}
PEOPLE = [Node(key, "person", name, (Alias(name.split()[0], "S01E01"),), "", "S01E01") for name, key in IDS.items()]
GRAPH = Graph("friends", PEOPLE, [], main=list(IDS.values()))
BOT = Bot([SHOW], ScriptedEngine(["Hey there, nice to see you."], SECONDS), graphs={"friends": GRAPH})
BOT.warm()
asyncio.run(BOT.reply(ChatRequest("friends", "Joey", "Hello!")))
