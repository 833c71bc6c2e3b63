"""Engines behind one small interface; none of them imports torch before it is used."""

import os
from pathlib import Path

from app.engines.base import Candidate, Engine, EngineRequest, Settings

__all__ = ["Candidate", "Engine", "EngineRequest", "Settings", "open_engine"]


def open_engine(server: str | None = None, model: str | None = None, base: str | None = None) -> Engine:
    """The engine that a command's options ask for.

    `server` is the address of an OpenAI-compatible server ("http://127.0.0.1:8001/v1") and `model` its model's name
    where that isn't the persona's ("friends/joey"); its key comes from the environment, `CANON_API_KEY` or
    `OPENAI_API_KEY`. Without `server` our weights run in this process; `base` (path or hub id) then
    replaces `models/base`.
    """
    if server:
        from app.engines.openai import OpenAIEngine

        key = os.environ.get("CANON_API_KEY") or os.environ.get("OPENAI_API_KEY")
        return OpenAIEngine(server, model=model, api_key=key)
    from app.engines.local import MODELS, LocalEngine

    return LocalEngine(Path(os.environ.get("CANON_MODELS") or MODELS), base=base)
