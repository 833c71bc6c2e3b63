"""Outside questions: FriendsQA's development part, answered by the bot without a model and scored by the gold spans.

The set (Yang and Choi, SIGDIAL 2019; data folder, `gold/friendsqa`) asks about single scenes; no question was made from
a graph. It is for evaluation alone: nothing was made, chosen or mended by these questions or scores.
"""

import json
import re
import string
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.bot import Bot
from app.engines.scripted import ScriptedEngine
from app.types import ChatRequest
from evaluation.checker import read_reply
from evaluation.provenance import graph_file, provenance
from evaluation.statistics import Share, bootstrap, mean_of_means
from parsing.errors import BadFile, NotFound
from parsing.manifest import Show

FILE = Path("gold") / "friendsqa" / "friendsqa_dev.json"
SAYS = "Well."  # all that stands in for the model says: what else a reply holds is the graph's
_TITLE = re.compile(r"s(\d\d)_e(\d\d)_c\d+")
_ARTICLES = re.compile(r"\b(a|an|the)\b")


@dataclass(frozen=True)
class Asked:
    """A question as the bot is asked it, and the texts of its gold spans."""

    id: str
    persona: str
    as_of: str
    question: str
    gold: tuple[str, ...]


class _Brief(ScriptedEngine):
    brief = True  # small talk goes to the persona's written lines, as with the bundled model


async def measure(show: Show, data: Path) -> dict[str, Any]:
    """Token F1 and spans contained, of the bot and two baselines. Raises `NotFound` or `BadFile` for the set."""
    asked = read_asked(data / FILE, show)
    bot = Bot([show], _Brief([SAYS]))
    replies, ways = [], Counter[str]()
    for a in asked:
        reply = await bot.reply(ChatRequest(show.id, a.persona, a.question, as_of=a.as_of, seed=1))
        replies.append(reply.text)
        ways[reply.verdict] += 1
    said = {"bot": replies, "echo": [a.question for a in asked], "silent": [""] * len(asked)}
    return {
        "show": show.id,
        "engine": f"none: a script that says '{SAYS}'",
        **provenance([graph_file(show), data / FILE]),
        "questions": len(asked),
        "verdicts": dict(sorted(ways.items())),
        "ways": {name: scores(asked, texts) for name, texts in said.items()},
    }


def read_asked(path: Path, show: Show) -> list[Asked]:
    """The questions of the set, as of their own scene's episode, each to the persona of `addressed`."""
    if not path.is_file():
        raise NotFound(f"no FriendsQA at {path}: CANON_DATA has to name the folder that holds gold/ (docs/data.md)")
    try:
        scenes = [
            (s["title"], p) for s in json.loads(path.read_text(encoding="utf-8"))["data"] for p in s["paragraphs"]
        ]
        return [_asked(title, scene, row, show) for title, scene in scenes for row in scene["qas"]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadFile(
            f"{path}: not FriendsQA's form ({error!r:.80}): expected data, paragraphs, qas, answers"
        ) from None


def _asked(title: str, scene: Mapping[str, Any], row: Mapping[str, Any], show: Show) -> Asked:
    found = _TITLE.fullmatch(title)
    if found is None:
        raise ValueError(f"title {title}")
    speakers = [name for u in scene["utterances:"] for name in u["speakers"]]
    gold = tuple(dict.fromkeys(answer["answer_text"] for answer in row["answers"]))
    question = plain(row["question"])
    return Asked(row["id"], addressed(question, speakers, show), f"S{found[1]}E{found[2]}", question, gold)


def plain(text: str) -> str:
    """Text that was split into tokens, put together again."""
    return re.sub(r"\s+(n't|'\w*|[?.,!])", r"\1", text).strip()


def addressed(question: str, speakers: Sequence[str], show: Show) -> str:
    """The persona named first in the question; else the one who speaks first in the scene; else the show's first."""
    names = {name.split()[0].casefold(): name for name in (p.name for p in show.personas)}
    for word in re.findall(r"\w+", question.casefold()):
        if word in names:
            return names[word]
    return next((s for s in speakers if s in names.values()), show.personas[0].name)


def tokens(text: str) -> list[str]:
    """Words as SQuAD's script compares them: lower case, no punctuation, no articles (Rajpurkar et al., 2016)."""
    bare = "".join(c for c in text.replace("’", "'").lower() if c not in string.punctuation)
    return _ARTICLES.sub(" ", bare).split()


def f1(reply: str, gold: Sequence[str]) -> float:
    """The best token F1 of a reply with any of the gold spans, 0 to 1."""
    return max((_f1(tokens(reply), tokens(span)) for span in gold), default=0.0)


def _f1(said: Sequence[str], span: Sequence[str]) -> float:
    common = (Counter(said) & Counter(span)).total()
    return 2 * common / (len(said) + len(span)) if common else 0.0


def contained(reply: str, gold: Sequence[str]) -> bool:
    """Whether one of the gold spans stands in the reply, word for word."""
    said = f" {' '.join(tokens(reply))} "
    return any(f" {' '.join(span)} " in said for span in map(tokens, gold) if span)


def scores(asked: Sequence[Asked], replies: Sequence[str]) -> dict[str, Any]:
    """Mean F1 with a bootstrap interval, the share that holds a span, and both among the replies that don't abstain."""
    each = [f1(reply, a.gold) for a, reply in zip(asked, replies, strict=True)]
    holds = [contained(reply, a.gold) for a, reply in zip(asked, replies, strict=True)]
    told = [i for i, reply in enumerate(replies) if reply and read_reply(reply).act != "abstains"]
    low, high = bootstrap([each], mean_of_means)
    return {
        "f1": {"share": round(mean_of_means([each]), 4), "low": round(low, 4), "high": round(high, 4)},
        "contained": Share(sum(holds), len(holds)).to_json(),
        "not_abstained": Share(len(told), len(holds)).to_json(),
        "contained_of_not_abstained": Share(sum(holds[i] for i in told), len(told)).to_json(),
    }


def rendered(found: Mapping[str, Any]) -> str:
    """The table for REPORT.md, of evaluation/results/friendsqa.json."""
    from evaluation.report import percent, table

    labels = {"bot": "the bot, without a model", "echo": "repeats the question", "silent": "says nothing"}
    keys = ("f1", "contained", "not_abstained", "contained_of_not_abstained")
    rows = [[label, *(percent(found["ways"][way][key]) for key in keys)] for way, label in labels.items()]
    head = [
        f"{found['questions']:,} questions",
        "token F1",
        "a gold span said",
        "doesn't abstain",
        "– a span said then",
    ]
    return table(head, rows)
