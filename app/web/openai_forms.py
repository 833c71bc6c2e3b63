"""Answers in OpenAI's form, whole and in chunks: pure functions from a `Reply` to JSON.

Order of the chunks: role; pieces of content; the end with its finish_reason (and our `canon`); usage if wanted; [DONE].
A reply has been checked as a whole before its first piece is sent, so nothing is ever taken back.
"""

import json
import re
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.types import Usage

DONE = b"data: [DONE]\n\n"
_PIECE = re.compile(r"\S+\s*")


@dataclass(frozen=True)
class Head:
    """What all chunks of one answer share."""

    model: str
    id: str = field(default_factory=lambda: f"chatcmpl-{secrets.token_hex(12)}")
    created: int = field(default_factory=lambda: int(time.time()))  # unix seconds

    def chunk(self, choices: list[dict[str, Any]], **more: Any) -> bytes:
        """One server-sent event."""
        body = {
            "id": self.id, "object": "chat.completion.chunk", "created": self.created, "model": self.model,
            "choices": choices, **more,
        }  # fmt: skip
        return event(body)


def event(body: Mapping[str, Any]) -> bytes:
    """JSON as a server-sent event; JSON has no line breaks, so one `data:` line is enough."""
    return f"data: {json.dumps(body, ensure_ascii=False)}\n\n".encode()


def pieces(text: str) -> list[str]:
    """The text cut after each word; joined they give the text again.

    >>> pieces("How you doin'?")
    ['How ', 'you ', "doin'?"]
    """
    found = _PIECE.findall(text)
    lead = text[: len(text) - len(text.lstrip())]
    return [lead + found[0], *found[1:]] if found else ([text] if text else [])


def chunks(
    head: Head,
    text: str,
    canon: Mapping[str, Any],
    usage: Usage,
    *,
    include_usage: bool = False,
    finish_reason: str = "stop",
) -> Iterator[bytes]:
    """Every event of a streamed answer, [DONE] last."""
    extra: dict[str, Any] = {"usage": None} if include_usage else {}
    yield head.chunk([_choice({"role": "assistant", "content": ""})], **extra)
    for piece in pieces(text):
        yield head.chunk([_choice({"content": piece})], **extra)
    yield head.chunk([_choice({}, finish_reason)], canon=canon, **extra)
    if include_usage:
        yield head.chunk([], usage=usage_json(usage))
    yield DONE


def completion(
    head: Head, text: str, canon: Mapping[str, Any], usage: Usage, finish_reason: str = "stop"
) -> dict[str, Any]:
    """The whole answer at once."""
    message: dict[str, Any] = {"role": "assistant", "content": text, "refusal": None, "annotations": []}
    return {
        "id": head.id,
        "object": "chat.completion",
        "created": head.created,
        "model": head.model,
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": finish_reason}],
        "usage": usage_json(usage),
        "canon": canon,
    }


def usage_json(usage: Usage) -> dict[str, int]:
    """Tokens read and written, over all candidates."""
    return {
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        "total_tokens": usage.prompt_tokens + usage.completion_tokens,
    }


def _choice(delta: Mapping[str, str], finish_reason: str | None = None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
