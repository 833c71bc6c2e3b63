"""Do the personas differ, and as the characters do? Real lines beside replies with own, another's and no adapter.

All personas answer the same neutral prompts (turns of development episodes that name nobody); names are masked in all
lines. Everything that is fitted (classifier, topics, catch-phrases) is fitted on training episodes.
"""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

from evaluation import likeness
from evaluation.persona_classifier import Classifier
from evaluation.persona_model import Voices
from evaluation.provenance import graph_file, model_files, provenance
from evaluation.statistics import Share
from parsing.commands import say
from parsing.errors import NotFound
from parsing.manifest import Show
from parsing.tables import load_pairs
from training.mixture import Pair, pairs_of
from training.prompt import messages

PROMPTS = 200
RANKED = 50  # development replies of each persona that are looked for
AMONG = 20
WAYS = ("own", "swapped", "none")  # adapters: the persona's, the next persona's, none
TOPICS = 16
Lines = Mapping[str, Sequence[str]]  # by persona
Counts = Mapping[str, Mapping[Any, float]]  # by persona


@dataclass(frozen=True)
class Real:
    """A show's real lines by persona, names masked, and the development pairs as they are."""

    train: Lines
    dev: Lines
    turns: Mapping[str, Mapping[str, Sequence[tuple[str, str]]]]  # by split: (turn before, reply), masked
    pairs: Mapping[str, Sequence[Pair]]
    mask: likeness.Mask


def measure(show: Show, models: Path, seed: int = 1, prompts: int = PROMPTS, ranked: int = RANKED) -> dict[str, Any]:
    """The whole result. Raises `NotFound` where transcripts or adapters are missing."""
    started = time.perf_counter()
    voices = Voices.load(show, models)
    real = read(show)
    asked = neutral(real, prompts, seed)
    said = {way: spoken(voices, show, asked, way, seed) for way in WAYS}
    say(f"personas: {len(asked)} prompts answered {len(said)} ways after {time.perf_counter() - started:.0f} s")
    found = compared(real, {way: masked(lines, real.mask) for way, lines in said.items()}, asked, seed)
    hits = ranking(voices, show, real, ranked, seed)
    return {
        "show": show.id,
        "seed": seed,
        "prompts": len(asked),
        "settings": voices.settings(),
        **provenance([graph_file(show), *model_files(show, models)]),
        **found,
        "ranking": hits,
        "seconds": round(time.perf_counter() - started),
    }


def read(show: Show) -> Real:
    """The real lines of all personas. Raises `NotFound` where the show isn't parsed."""
    rows = load_pairs(show)
    mask = likeness.Mask(_names(show))
    names = [m.name for m in show.personas]
    found = {split: {n: pairs_of(rows, show.title, split, n) for n in names} for split in ("train", "dev")}
    if not all(found["train"].values()) or not all(found["dev"].values()):
        raise NotFound(f"{show.id}: a persona has no lines of training or of development episodes")
    lines = {s: {n: [mask(p.reply) for p in pairs] for n, pairs in by.items()} for s, by in found.items()}
    turns = {
        s: {n: [(mask(p.message), mask(p.reply)) for p in pairs] for n, pairs in by.items()} for s, by in found.items()
    }
    return Real(lines["train"], lines["dev"], turns, found["dev"], mask)


def _names(show: Show) -> list[str]:
    """Cast and, where there is a graph, everybody in it."""
    from kg.store import read_graph

    names = [name for m in show.cast for name in (m.name, *m.aliases)]
    path = graph_file(show)
    people = [n for n in read_graph(path).entities() if n.type in {"person", "animal"}] if path.is_file() else []
    return names + [n.name for n in people]


def neutral(real: Real, count: int, seed: int) -> list[str]:
    """Single turns of development episodes of 3 to 12 words that name nobody, the same for all personas."""
    turns = {p.message for pairs in real.pairs.values() for p in pairs if "\n" not in p.message}
    fitting = sorted(t for t in turns if 3 <= len(likeness.words(t)) <= 12 and real.mask(t) == t)
    return random.Random(seed).sample(fitting, min(count, len(fitting)))


def adapter_of(show: Show, slug: str, way: str) -> str:
    """Which adapter a persona speaks with; "" for none."""
    slugs = [m.slug for m in show.personas]
    return {"own": slug, "swapped": slugs[(slugs.index(slug) + 1) % len(slugs)], "none": ""}[way]


def spoken(voices: Voices, show: Show, asked: Sequence[str], way: str, seed: int) -> dict[str, list[str]]:
    """Every persona's replies to the prompts."""
    return {
        m.name: voices.replies([messages(m.name, show.title, t) for t in asked], adapter_of(show, m.slug, way), seed)
        for m in show.personas
    }


def masked(lines: Lines, mask: likeness.Mask) -> dict[str, list[str]]:
    """The lines without names."""
    return {name: [mask(line) for line in said] for name, said in lines.items()}


def compared(real: Real, said: Mapping[str, Lines], asked: Sequence[str], seed: int) -> dict[str, Any]:
    """Replies of each way beside real development lines (`real`), of which as many are drawn as there are replies."""
    rng = random.Random(seed)
    drawn = {n: rng.sample(list(t), min(len(asked), len(t))) for n, t in real.turns["dev"].items()}
    sets: dict[str, Lines] = {"real": {n: [reply for _, reply in t] for n, t in drawn.items()}, **said}
    turns = {w: {n: list(zip(asked, r, strict=True)) for n, r in lines.items()} for w, lines in said.items()}
    turns["real"] = drawn
    classifier = Classifier(real.train)
    size = min(sum(len(likeness.words(line)) for line in r) for lines in sets.values() for r in lines.values())
    catch = {n: likeness.phrases(real.train[n], _others(real.train, n)) for n in real.train}
    topics = _Topics(real.train)
    reactions = {n: likeness.acts_after(t) for n, t in real.turns["train"].items()}
    return {
        "chance": round(1 / len(real.train), 4),
        "classifier": {
            "real_all": classifier.score(real.dev, seed), **{w: classifier.score(s, seed) for w, s in sets.items()}
        },
        "words": {w: apart(s, real.train, likeness.content) for w, s in sets.items()},
        "topics": {w: apart(s, real.train, topics) for w, s in sets.items()},
        "reactions": {
            w: own_and_other({n: likeness.acts_after(t) for n, t in by.items()}, reactions) for w, by in turns.items()
        },
        "variety": {w: _mean([likeness.variety(r, size) for r in s.values()]) for w, s in sets.items()},
        "catch_phrases": {w: _summed([likeness.with_phrase(s[n], catch[n]) for n in s]) for w, s in sets.items()},
        "copying": {w: _copying(s, real.train) for w, s in sets.items()},
    }  # fmt: skip


def _others(lines: Lines, name: str) -> list[str]:
    return [line for other, said in lines.items() if other != name for line in said]


def apart(said: Lines, train: Lines, counted: Callable[[Sequence[str]], Mapping[Any, float]]) -> dict[str, float]:
    """Mean distance of each persona's lines to its own training lines, and to the others'."""
    return own_and_other({n: counted(s) for n, s in said.items()}, {n: counted(s) for n, s in train.items()})


def own_and_other(
    found: Mapping[str, Mapping[Any, float]], known: Mapping[str, Mapping[Any, float]]
) -> dict[str, float]:
    """Mean Jensen–Shannon distance to the same persona's counts and to each other persona's."""
    own = mean(likeness.distance(found[n], known[n]) for n in found)
    other = mean(likeness.distance(found[n], known[m]) for n in found for m in known if m != n)
    return {"own": round(own, 4), "other": round(other, 4)}


class _Topics:
    """How much of each topic some lines are about; topics by non-negative matrix factorisation of training lines."""

    def __init__(self, train: Lines, bundle: int = 20) -> None:
        from sklearn.decomposition import NMF
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.pipeline import make_pipeline

        texts = [" ".join(said[i : i + bundle]) for said in train.values() for i in range(0, len(said), bundle)]
        counts = TfidfVectorizer(stop_words="english", min_df=0.005, max_df=0.5, max_features=3000)
        self._model = make_pipeline(counts, NMF(TOPICS, max_iter=1000, tol=1e-3, random_state=0))
        self._model.fit(texts)

    def __call__(self, lines: Sequence[str]) -> dict[int, float]:
        """Weights of the topics, a thousand in all."""
        weights = self._model.transform([" ".join(lines)])[0]
        return {k: 1000 * float(w) / max(1e-9, float(weights.sum())) for k, w in enumerate(weights)}


def _mean(rows: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {key: round(mean(row[key] for row in rows), 4) for key in rows[0]}


def _summed(shares: Sequence[Mapping[str, Any]]) -> dict[str, float | int]:
    return Share(sum(s["hits"] for s in shares), sum(s["of"] for s in shares)).to_json()


def _copying(said: Lines, train: Lines) -> dict[str, Any]:
    found = [likeness.copied(said[n], train[n]) for n in said]
    return {"longest": max(f["longest"] for f in found), "whole": _summed([f["whole"] for f in found])}


def ranking(voices: Voices, show: Show, real: Real, count: int, seed: int) -> dict[str, Any]:
    """Is the true reply the likeliest of twenty? And its mean loss, in nats a token, with each adapter."""
    rng = random.Random(seed)
    everything = sorted({p.reply for pairs in real.pairs.values() for p in pairs if len(likeness.words(p.reply)) >= 4})
    rows: dict[str, list[tuple[str, bool, float]]] = {way: [] for way in WAYS}
    for member in show.personas:
        fitting = [p for p in real.pairs[member.name] if len(likeness.words(p.reply)) >= 4]
        for pair in rng.sample(fitting, min(count, len(fitting))):
            others = [t for t in rng.sample(everything, AMONG) if t != pair.reply][: AMONG - 1]
            prompt = messages(pair.persona, pair.show, pair.message[-300:], (), pair.history[-1:])
            for way in WAYS:
                found = voices.likelihoods(prompt, [pair.reply, *others], adapter_of(show, member.slug, way))
                rows[way].append((member.name, found[0] > max(found[1:]), -found[0]))
    return {
        "among": AMONG,
        "hits_at_1": {way: Share(sum(hit for _, hit, _ in r), len(r)).to_json() for way, r in rows.items()},
        "loss": {way: round(mean(loss for *_, loss in r), 4) for way, r in rows.items()},
        "personas": {
            m.name: {
                way: Share(sum(h for n, h, _ in r if n == m.name), sum(n == m.name for n, *_ in r)).to_json()
                for way, r in rows.items()
            }
            for m in show.personas
        },
    }
