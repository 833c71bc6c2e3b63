"""Questions as JSON Lines, the form that `app.inference --batch` and the evaluation share.

{id, persona, as_of, question, history?: [{role, content}], knows?, kind, category?,
needs?: [[subject, relation, object]], gold: […], must_not: […]}; for `--batch` the keys that only scoring needs may be
absent. Unknown keys are an error.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.topics import checked
from app.types import ChatRequest, Turn
from parsing.errors import BadFile, CanonError, NotFound
from parsing.manifest import Show, nearest

KINDS = ("fact", "future", "unknown", "false")
_KEYS = ("id", "persona", "as_of", "question", "history", "knows", "kind", "category", "needs", "gold", "must_not")


@dataclass(frozen=True)
class Question:
    """One question with what a right answer holds."""

    id: str
    persona: str  # canonical name
    question: str
    as_of: str  # normalised; the last episode where the file says nothing
    history: tuple[Turn, ...] = ()
    knows: str = "character"
    kind: str = ""
    category: str = ""
    needs: tuple[tuple[str, str, str], ...] = ()
    gold: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()

    def request(self, show: Show, **more: Any) -> ChatRequest:
        """The question as the bot takes it; `more` sets further fields (`use_graph`, `seed`, …)."""
        return ChatRequest(
            **{
                "show": show.id, "persona": self.persona, "message": self.question, "history": self.history,
                "as_of": self.as_of, "knows": self.knows,
            }
            | more
        )  # fmt: skip


def read_questions(path: Path, show: Show) -> list[Question]:
    """Every question of a file, checked before anything runs. Raises `BadFile` naming file, line and what is wrong."""
    if not path.is_file():
        raise NotFound(f"no file {path}: expected questions as JSON Lines")
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise BadFile(f"{path}: not UTF-8 text ({error.reason} at byte {error.start})") from None
    questions: list[Question] = []
    seen: set[str] = set()
    for number, line in enumerate(lines, 1):
        if line.strip():
            where = f"{path}, line {number}"
            question = _question(line, show, where)
            if question.id in seen:
                raise BadFile(f"{where}: a second question with the id '{question.id}'")
            seen.add(question.id)
            questions.append(question)
    return questions


def _question(line: str, show: Show, where: str) -> Question:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise BadFile(f"{where}: not JSON ({error.msg})") from None
    if not isinstance(row, dict):
        raise BadFile(f"{where}: expected an object, found {type(row).__name__}")
    for key in row:
        if key not in _KEYS:
            raise BadFile(f"{where}: unknown key '{key}'{nearest(key, _KEYS)}")
    for key in ("id", "persona", "question"):
        if key not in row:
            raise BadFile(f"{where}: '{key}' is missing")
    try:
        return Question(
            id=str(row["id"]),
            persona=show.persona(_text(row, "persona")).name,
            question=checked(_text(row, "question")),
            as_of=show.as_of(_text(row, "as_of") or None),
            history=tuple(_turn(turn) for turn in _list(row, "history")),
            knows=_one_of(row, "knows", ("character", "viewer"), "character"),
            kind=_one_of(row, "kind", KINDS, ""),
            category=_text(row, "category"),
            needs=tuple(_triple(triple) for triple in _list(row, "needs")),
            gold=tuple(_strings(row, "gold")),
            must_not=tuple(_strings(row, "must_not")),
        )
    except CanonError as error:
        raise BadFile(f"{where}: {error}") from None


def _text(row: dict[str, Any], key: str) -> str:
    value = row.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadFile(f"'{key}' must be a string, found {value!r:.40}")
    return value


def _list(row: dict[str, Any], key: str) -> list[Any]:
    value = row.get(key) or []
    if not isinstance(value, list):
        raise BadFile(f"'{key}' must be a list, found {value!r:.40}")
    return value


def _strings(row: dict[str, Any], key: str) -> Iterable[str]:
    values = _list(row, key)
    if not all(isinstance(value, str) for value in values):
        raise BadFile(f"'{key}' must be a list of strings, found {values!r:.60}")
    return values


def _one_of(row: dict[str, Any], key: str, allowed: tuple[str, ...], default: str) -> str:
    value = _text(row, key) or default
    if value not in (*allowed, default):
        raise BadFile(f"'{key}' must be one of {', '.join(allowed)}; found '{value[:40]}'")
    return value


def _turn(turn: Any) -> Turn:
    fits = isinstance(turn, dict) and set(turn) == {"role", "content"} and isinstance(turn["content"], str)
    if not fits or turn["role"] not in {"user", "assistant"}:
        raise BadFile(f"a turn of 'history' must be {{role: user|assistant, content}}, found {turn!r:.60}")
    return Turn(turn["role"], turn["content"])


def _triple(triple: Any) -> tuple[str, str, str]:
    if not isinstance(triple, list) or len(triple) != 3 or not all(isinstance(part, str) for part in triple):
        raise BadFile(f"'needs' must list [subject, relation, object], found {triple!r:.60}")
    return (triple[0], triple[1], triple[2])
