"""The fact-check: every question of a file through the bot, scored by the reply's text alone.

`fact`: a gold string is in the reply. `future`: it abstains, denies, corrects, or says what is true by then (gold).
`unknown`: it abstains. `false`: it denies or corrects (or says the gold). Nothing in `must_not` may be said, an empty
reply always fails, and a reply that the engine failed to give is a failure too. The bot's own verdict is only compared.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.bot import Bot
from app.questions import KINDS, Question
from app.types import fact_json
from evaluation.checker import read_reply, says
from evaluation.provenance import commit
from parsing.errors import BadFile, BadInput, CanonError, Unavailable
from parsing.files import read_jsonl
from parsing.manifest import Show

if TYPE_CHECKING:
    from evaluation.claims import ClaimReader

__all__ = ["BASELINES", "Scored", "ask_all", "by_baseline", "commit", "partial_path", "scorable", "score"]


@dataclass(frozen=True)
class Scored:
    """One question, its reply and why it is right or not."""

    id: str
    kind: str
    persona: str
    as_of: str
    question: str
    reply: str
    right: bool
    why: str
    act: str = ""  # abstains, denies, answers: by the checker
    verdict: str = ""  # the bot's own
    way: str = ""
    curated: bool = False  # rests on a curated fact
    claims: int = 0  # that the bot says its reply makes
    contradicted: int = 0
    seconds: float = 0.0
    error: str = ""
    category: str = ""
    read: Sequence[dict[str, Any]] = field(
        default_factory=list
    )  # claims read off the text, whoever wrote it: `evaluation.claims`
    facts: Sequence[dict[str, Any]] = field(
        default_factory=list
    )  # what the bot says that its reply rests on, with evidence
    trace: Sequence[dict[str, Any]] = field(default_factory=list)


def scorable(questions: Sequence[Question], where: Path) -> Sequence[Question]:
    """The questions, if each can be scored. Raises `BadFile` for one without a kind, for a fact without gold."""
    if not questions:
        raise BadFile(f"{where}: no questions in it")
    for q in questions:
        if not q.kind:
            raise BadFile(f"{where}: question '{q.id}' has no kind; expected one of {', '.join(KINDS)}")
        if q.kind == "fact" and not q.gold:
            raise BadFile(f"{where}: question '{q.id}' is of kind fact and has no gold strings")
    return questions


def score(question: Question, reply: str) -> tuple[bool, str]:
    """Is the reply right, and why, by its text alone."""
    if not reply.strip():
        return False, "empty"
    leak = says(reply, question.must_not)
    if leak:
        return False, f"says '{leak}'"
    hit = says(reply, question.gold)
    if hit:
        return True, f"says '{hit}'"
    reading = read_reply(reply)
    allowed = {
        "fact": (),
        "future": ("abstains", "denies", "corrects"),
        "unknown": ("abstains",),
        "false": ("denies", "corrects"),
    }[question.kind]
    done = next((act for act in allowed if getattr(reading, act)), "")
    return bool(done), done or f"{reading.act}, expected {' or '.join(allowed) or 'a gold string'}"


BASELINES: dict[str, Callable[[Question, Show], str]] = {
    "abstain": lambda question, show: "I don't know.",
    "deny": lambda question, show: "No, that's not true.",
    "echo": lambda question, show: question.question,
    "names": lambda question, show: ", ".join(m.name for m in show.cast) + ".",
}


def partial_path(folder: Path, questions: Sequence[Question], options: dict[str, Any]) -> Path:
    """Where a run keeps its answers until it is done: another file for other questions, options or forms of a row."""
    form = [f.name for f in fields(Scored)]
    key = hashlib.sha256(repr((questions, sorted(options.items()), form)).encode("utf-8")).hexdigest()[:12]
    return folder / "factcheck" / f"{key}.jsonl"


async def ask_all(
    bot: Bot,
    show: Show,
    questions: Sequence[Question],
    partial: Path,
    options: dict[str, Any],
    reader: "ClaimReader | None" = None,
) -> list[Scored]:
    """Ask every question that `partial` (JSON Lines) has no row of yet; it grows as answers come in.

    `reader` reads claims off the replies. A question that the engine fails on is a row with `error`, and wrong.
    """
    from tqdm import tqdm

    done = _begun(partial)
    with partial.open("a", encoding="utf-8") as out:
        for question in tqdm([q for q in questions if q.id not in done], unit="question", disable=None):
            row = await _ask(bot, show, question, options, reader)
            done[question.id] = row
            out.write(json.dumps(asdict(row), ensure_ascii=False) + "\n")
            out.flush()
    return [done[q.id] for q in questions]


def _begun(partial: Path) -> dict[str, Scored]:
    """What an interrupted run has answered; a last line that was cut off in the middle is dropped."""
    partial.parent.mkdir(parents=True, exist_ok=True)
    if not partial.is_file():
        return {}
    whole, newline, cut = partial.read_bytes().rpartition(b"\n")
    if cut:
        partial.write_bytes(whole + newline)
    return {row["id"]: Scored(**row) for row in read_jsonl(partial)}


async def _ask(
    bot: Bot, show: Show, question: Question, options: dict[str, Any], reader: "ClaimReader | None"
) -> Scored:
    common = (question.id, question.kind, question.persona, question.as_of, question.question)
    request = question.request(show, **options)
    try:
        reply = await bot.reply(request)
    except Unavailable as error:
        return Scored(*common, "", False, "the engine failed", error=str(error), category=question.category)
    except CanonError as error:  # nothing that another question would mend
        raise BadInput(f"question '{question.id}' can't be asked: {error}") from None
    right, why = score(question, reply.text)
    return Scored(
        *common,
        reply=reply.text,
        right=right,
        why=why,
        act=read_reply(reply.text).act,
        verdict=reply.verdict,
        way=reply.way,
        curated=any(fact.extractor == "curated" for fact in reply.facts),
        claims=len(reply.claims),
        contradicted=sum(claim.verdict == "contradicted" for claim in reply.claims),
        seconds=round(reply.seconds, 3),
        category=question.category,
        read=reader.read(question, reply.text) if reader else [],
        facts=[fact_json(fact, bot.graph(request)) for fact in reply.facts],
        trace=reply.trace_json(),
    )


def by_baseline(name: str, show: Show, questions: Sequence[Question]) -> list[Scored]:
    """What a bot without any wit scores."""
    rows = []
    for q in questions:
        reply = BASELINES[name](q, show)
        right, why = score(q, reply)
        act = read_reply(reply).act
        rows.append(Scored(q.id, q.kind, q.persona, q.as_of, q.question, reply, right, why, act, category=q.category))
    return rows
