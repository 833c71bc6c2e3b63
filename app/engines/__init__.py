"""Engines behind one small interface; none of them imports torch before it is used."""

from app.engines.base import Candidate, Engine, EngineRequest, Settings

__all__ = ["Candidate", "Engine", "EngineRequest", "Settings"]
