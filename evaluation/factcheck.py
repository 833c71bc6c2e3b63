"""The fact-check: every question of a file through the bot, scored by the reply's text alone.

`fact`: a gold string is in the reply. `future`: it abstains, denies, corrects, or says what is true by then (gold).
`unknown`: it abstains. `false`: it denies or corrects (or says the gold). Nothing in `must_not` may be said, an empty
reply always fails, and a reply that the engine failed to give is a failure too. The bot's own verdict is only compared.
"""

import hashlib
import json
import platform
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from app.bot import Bot
from app.questions import KINDS, Question
from evaluation.checker import read_reply, says
from evaluation.statistics import Share, bootstrap, mcnemar, mean_of_means
from parsing.errors import BadFile, BadInput, CanonError, Unavailable
from parsing.files import read_jsonl, write_json
from parsing.manifest import ROOT, Show

PACKAGES = ("torch", "transformers", "peft", "spacy", "networkx")


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
    claims: int = 0
    contradicted: int = 0
    seconds: float = 0.0
    error: str = ""


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
    """Where a run keeps its answers until it is done: another file for other questions or options."""
    key = hashlib.sha256(repr((questions, sorted(options.items()))).encode("utf-8")).hexdigest()[:12]
    return folder / "factcheck" / f"{key}.jsonl"


async def ask_all(
    bot: Bot, show: Show, questions: Sequence[Question], partial: Path, options: dict[str, Any]
) -> list[Scored]:
    """Ask every question that `partial` (JSON Lines) has no row of yet; it grows as answers come in."""
    from tqdm import tqdm

    done = _begun(partial)
    with partial.open("a", encoding="utf-8") as out:
        for question in tqdm([q for q in questions if q.id not in done], unit="question", disable=None):
            row = await _ask(bot, show, question, options)
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


async def _ask(bot: Bot, show: Show, question: Question, options: dict[str, Any]) -> Scored:
    common = (question.id, question.kind, question.persona, question.as_of, question.question)
    try:
        reply = await bot.reply(question.request(show, **options))
    except Unavailable as error:
        return Scored(*common, "", False, "the engine failed", error=str(error))
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
    )


def by_baseline(name: str, show: Show, questions: Sequence[Question]) -> list[Scored]:
    """What a bot without any wit scores."""
    rows = []
    for q in questions:
        reply = BASELINES[name](q, show)
        right, why = score(q, reply)
        rows.append(Scored(q.id, q.kind, q.persona, q.as_of, q.question, reply, right, why, read_reply(reply).act))
    return rows


def summary(rows: Sequence[Scored], seed: int = 1) -> dict[str, Any]:
    """Scores by kind with Wilson intervals, the macro average with a bootstrap interval, and what else is counted."""
    groups = [[float(r.right) for r in rows if r.kind == kind] for kind in KINDS]
    low, high = bootstrap(groups, mean_of_means, seed)
    claims = sum(r.claims for r in rows)
    facts = [r for r in rows if r.kind == "fact"]
    right = [r for r in facts if r.right]
    return {
        "kinds": {kind: _share(r.right for r in rows if r.kind == kind) for kind in KINDS},
        "macro": {"share": round(mean_of_means(groups), 4), "low": round(low, 4), "high": round(high, 4)},
        "personas": {p: _share(r.right for r in rows if r.persona == p) for p in sorted({r.persona for r in rows})},
        "seasons": {s: _share(r.right for r in rows if r.as_of[:3] == s) for s in sorted({r.as_of[:3] for r in rows})},
        "leaks": _share(r.why.startswith("says '") and not r.right for r in rows if r.kind == "future"),
        "answered": _share(r.act == "answers" for r in facts),
        "abstained_though_asked_for_facts": _share(r.act == "abstains" for r in facts),
        "contradicted_claims": Share(sum(r.contradicted for r in rows), claims).to_json(),
        "agrees_with_verdict": _share((r.verdict == "abstained") == (r.act == "abstains") for r in rows if r.verdict),
        "rests_on_curated": _share(r.curated for r in right),
        "ways": {w: sum(r.way == w for r in rows) for w in sorted({r.way for r in rows if r.way})},
        "errors": sum(bool(r.error) for r in rows),
        "seconds_a_reply": round(sum(r.seconds for r in rows) / max(1, len(rows)), 3),
    }


def _share(flags: Any) -> dict[str, float | int]:
    values = [bool(f) for f in flags]
    return Share(sum(values), len(values)).to_json()


def write_result(path: Path, rows: Sequence[Scored], configuration: dict[str, Any], files: Sequence[Path]) -> None:
    """One result: configuration, hashes, versions, machine, scores, and every question with its reply."""
    write_json(
        path,
        {
            "configuration": configuration,
            "commit": commit(),
            "files": {_shown(f): _sha(f) for f in files if f.is_file()},
            "packages": {name: version(name) for name in PACKAGES},
            "machine": f"{platform.machine()}, Python {platform.python_version()}",
            "scores": summary(rows, configuration.get("seed") or 1),
            "questions": [asdict(row) for row in rows],
        },
    )


def commit() -> str:
    """The commit the code stands at, marked where the tree differs from it."""
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "unknown"


def _sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _shown(path: Path) -> str:
    return str(path.resolve().relative_to(ROOT)) if path.resolve().is_relative_to(ROOT) else path.name


def compare(first: Path, second: Path) -> dict[str, Any]:
    """Two results question by question: who got what right alone, and McNemar's exact p-value."""
    runs = []
    for path in (first, second):
        try:
            runs.append({q["id"]: q for q in json.loads(path.read_text(encoding="utf-8"))["questions"]})
        except (OSError, ValueError, KeyError, TypeError):
            raise BadFile(f"{path}: not a result of `python -m evaluation factcheck`") from None
    shared = [i for i in runs[0] if i in runs[1]]
    only_first = [i for i in shared if runs[0][i]["right"] and not runs[1][i]["right"]]
    only_second = [i for i in shared if runs[1][i]["right"] and not runs[0][i]["right"]]
    return {
        "questions": len(shared),
        "only_first": only_first,
        "only_second": only_second,
        "p_value": mcnemar(len(only_first), len(only_second)),
    }
