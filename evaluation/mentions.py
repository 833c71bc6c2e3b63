"""Who is meant: the resolver against the character identification set (Chen and Choi, 2016; Zhou and Choi, 2018).

Its development part: eight episodes, 3,932 mentions, singular and plural, given as spans. A mention is right where the
resolver names exactly the persons of the label; `#GENERAL#` and `#OTHER#` are answers like any other. Nothing of the
resolver was fitted on it.

    python -m evaluation mentions friends
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from evaluation.statistics import Share
from kg.extract.mentions import Names
from kg.extract.people import FIRST
from kg.extract.resolver import GENERAL, OTHER, Scene, Span, Turn, resolve
from kg.graph import Graph, load_graph, node_id
from kg.pipeline import load_pipeline
from parsing.addressees import Addressees
from parsing.errors import NotFound
from parsing.line_clues import Spoken
from parsing.manifest import Show, build_dir
from parsing.presence import NameFinder

GOLD = "gold/character_identification/character-identification-dev.json"
_NOBODY = {"#GENERAL#": GENERAL, "#ALL#": GENERAL, "#OTHER#": OTHER}
_PRONOUNS = (
    ("I, me, my", FIRST),
    ("you, your", frozenset({"you", "your", "ya", "yours", "yourself", "d'you"})),
    ("we, us, our", frozenset({"we", "us", "our", "ours", "ourselves", "'s"})),
    ("he, she", frozenset(["he", "him", "his", "himself", "she", "her", "hers", "herself"])),
    ("they, it", frozenset(["they", "them", "their", "theirs", "it", "its", "themselves"])),
)
Meant = tuple[str, ...]


@dataclass(frozen=True)
class GoldScene:
    """A scene of the set: who says what, in words, and whom the mentions mean."""

    id: str  # S01E20.03, as the set counts scenes
    speakers: tuple[Meant, ...]
    words: tuple[tuple[str, ...], ...]
    texts: tuple[str, ...]
    gold: Mapping[Span, Meant]


def read_gold(path: Path, show: Show) -> list[GoldScene]:
    """The scenes, with everybody as node ids of the show. Raises `NotFound`."""
    if not path.is_file():
        raise NotFound(f"no {path}: CANON_DATA names the folder that holds gold/ (docs/data.md)")
    names = {a.casefold(): m.name for m in show.cast for a in (*m.labels, *m.aliases, m.name)}
    scenes = [
        scene for episode in json.loads(path.read_text(encoding="utf-8"))["episodes"] for scene in episode["scenes"]
    ]
    return [_scene(scene, names) for scene in scenes]


def _identity(label: str, names: Mapping[str, str]) -> str:
    return _NOBODY.get(label) or node_id(names.get(label.casefold(), label))


def _scene(scene: Any, names: Mapping[str, str]) -> GoldScene:
    gold: dict[Span, Meant] = {}
    said, speakers = [], []
    for n, utterance in enumerate(scene["utterances"]):
        words: list[str] = []
        for tokens, entities in zip(utterance["tokens"], utterance["character_entities"], strict=True):
            for start, end, *labels in entities:
                who = tuple(sorted({_identity(label, names) for label in labels}))
                gold[Span(n, len(words) + start, len(words) + end)] = who
            words += tokens
        said.append(tuple(words))
        speakers.append(tuple(_identity(s, names) for s in utterance["speakers"]))
    season, episode, number = scene["scene_id"].split("_")
    code = f"{season.upper()}{episode.upper()}.{int(number[1:]):02d}"
    texts = tuple(str(u["transcript"]) for u in scene["utterances"])
    return GoldScene(code, tuple(speakers), tuple(said), texts, gold)


def present_in(scenes: Sequence[GoldScene], show: Show, other: pd.DataFrame) -> dict[str, frozenset[str]]:
    """Who is there, by our own reading of the scene: aligned by shared lines with the R data, then by scene_map.csv.

    By the lines and not by the number: S04E21 lost a scene in the R data, and later scenes moved down by one.
    """
    from parsing.tables import load_utterances

    path = build_dir(show) / "scene_map.csv"
    if not path.is_file():
        raise NotFound(f"no {path}: run `python -m parsing {show.id} --compare friends_r`")
    mapped = pd.read_csv(path).dropna(subset=["other_scene"]).astype({"scene": int, "other_scene": int})
    ours = load_utterances(show)
    there = {key: set().union(*rows) for key, rows in ours.groupby(["episode", "scene"])["present"]}
    where: dict[tuple[str, str], set[int]] = defaultdict(set)
    for episode, scene, text in zip(other["episode"], other["scene"], other["text"], strict=True):
        where[episode, _plain(text)].add(scene)
    joined: dict[tuple[str, int], set[tuple[str, int]]] = defaultdict(set)
    for row in mapped[mapped["shared_lines"] * 3 >= mapped["lines"]].itertuples():
        joined[str(row.episode), int(str(row.other_scene))].add((str(row.episode), int(str(row.scene))))
    found = {}
    for scene in scenes:
        votes = Counter(s for text in scene.texts for s in where.get((scene.id[:6], _plain(text)), ()))
        best = votes.most_common(1)
        keys = joined[scene.id[:6], best[0][0]] if best else set()
        found[scene.id] = frozenset(node_id(str(name)) for key in keys for name in there.get(key, ()))
    return found


def _plain(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


class SaidTo:
    """Whom the lines of a scene are said to, by the model of `parsing.addressees`, as node ids; () where nobody is."""

    def __init__(self, show: Show) -> None:
        self._reader = Addressees(NameFinder(show))
        self._names = {node_id(m.name): m.name for m in show.cast}

    def of(self, scene: GoldScene, present: frozenset[str]) -> list[Meant]:
        """The addressees of each turn."""
        there = tuple(sorted(self._called(who) for who in present | {s for turn in scene.speakers for s in turn}))
        lines = [
            Spoken(text, tuple(map(self._called, who)), " ".join(who), (), there, len(who) > 1)
            for who, text in zip(scene.speakers, scene.texts, strict=True)
        ]
        return [tuple(sorted(node_id(n) for n in said.names)) for said in self._reader.of(lines, scene.id[:6])]

    def _called(self, who: str) -> str:
        return self._names.get(who, who)


def same(said: Meant, gold: Meant) -> bool:
    """Do two answers mean the same? Of somebody outside the cast a part of the name will do ("Sidney")."""
    if len(said) != len(gold):
        return False
    return all(
        s == g or (s[:1] != "#" and f"_{s}_" in f"_{g}_") for s, g in zip(sorted(said), sorted(gold), strict=True)
    )


def measure(show: Show, gold: Sequence[GoldScene], graph: Graph | None, present: Mapping[str, frozenset[str]]) -> Any:
    """Shares right of the resolver and of both baselines, over singular and plural mentions and by kind of word."""
    nlp = load_pipeline(show)
    from spacy.tokens import Doc

    names, said = Names(show), SaidTo(show)
    views: dict[str, Graph] = {}
    rows: list[tuple[str, bool, dict[str, bool]]] = []
    lines = [words for scene in gold for words in scene.words]
    docs = iter(nlp.pipe(Doc(nlp.vocab, words=list(words)) for words in lines))
    for scene in gold:
        episode = scene.id[:6]
        said_to = said.of(scene, present.get(scene.id, frozenset()))
        turns = [Turn(s, next(docs), to) for s, to in zip(scene.speakers, said_to, strict=True)]
        if graph is not None and episode not in views:
            views[episode] = graph.at(episode)
        read = Scene(turns, names, episode, views.get(episode), present.get(scene.id, frozenset()))
        answers = {"resolver": resolve(read, list(scene.gold)), **_baselines(scene, gold)}
        for span, who in scene.gold.items():
            words = " ".join(scene.words[span.turn][span.start : span.end]).lower()
            kind = next((k for k, forms in _PRONOUNS if words in forms), "names and nouns")
            right = {name: same(answer[span], who) for name, answer in answers.items()}
            rows.append((kind, len(who) > 1, right))
    return {"show": show.id, "scenes": len(gold), "mentions": len(rows), **_summary(rows)}


def _baselines(scene: GoldScene, gold: Sequence[GoldScene]) -> dict[str, dict[Span, Meant]]:
    """Whom the two baselines name: the speaker before (the speaker, for I), and whom the set means most often."""
    counts = Counter(who for s in gold for who in s.gold.values())
    often = counts.most_common(1)[0][0]
    before: dict[Span, Meant] = {}
    for span in scene.gold:
        word = scene.words[span.turn][span.start].lower()
        earlier = [s for s in scene.speakers[: span.turn] if s != scene.speakers[span.turn]]
        before[span] = scene.speakers[span.turn] if word in FIRST else (earlier[-1] if earlier else (OTHER,))
    return {"the speaker before": before, "most frequent": dict.fromkeys(scene.gold, often)}


def _summary(rows: Sequence[tuple[str, bool, dict[str, bool]]]) -> dict[str, Any]:
    parts: dict[str, Callable[[str, bool], bool]] = {
        "all": lambda kind, plural: True,
        "singular": lambda kind, plural: not plural,
        "plural": lambda kind, plural: plural,
    }
    kinds = [k for k, _ in _PRONOUNS] + ["names and nouns"]
    names = list(rows[0][2]) if rows else []
    return {
        **{part: {n: _share(r[n] for k, p, r in rows if test(k, p)) for n in names} for part, test in parts.items()},
        "by_word": {kind: {n: _share(r[n] for k, _, r in rows if k == kind) for n in names} for kind in kinds},
    }


def _share(rows: Iterator[bool]) -> dict[str, float | int]:
    found = list(rows)
    return Share(sum(found), len(found)).to_json()


def run(show: Show, data: Path) -> dict[str, Any]:
    """The whole measurement, with the show's shipped or built graph for kin."""
    from parsing.manifest import load_show
    from parsing.tables import load_utterances

    gold = read_gold(data / GOLD, show)
    present = present_in(gold, show, load_utterances(load_show("friends_r")))
    result: dict[str, Any] = measure(show, gold, load_graph(show), present)
    return result | {"aligned_scenes": sum(bool(p) for p in present.values())}
