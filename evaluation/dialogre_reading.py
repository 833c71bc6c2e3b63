"""DialogRE with nothing trained on it: our extractor over each dialogue, its relations named as the set names them.

"Speaker 1" is whoever is called so (`evaluation.dialogre_people`); the rules of `kg.extract` read the turns; what
follows from what was read is added (`kg.closure`); names and nouns are the pair's other argument where the resolver
says so. With a graph, what the series says of the two besides. The table of names is `evaluation/dialogre.toml`.
"""

import json
import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from evaluation.dialogre import FOLDER, Dialogue, Pair, Said
from evaluation.dialogre_people import identify, named
from kg.extract.addressed import addressed, called
from kg.extract.lexicon import occupations
from kg.extract.mentions import Evidence, Line, Names, mentions
from kg.extract.nearby import nearby_evidence
from kg.extract.resolver import Scene, Span, Turn, resolve
from kg.extract.scenes import address_evidence, ceremony_evidence
from kg.extract.signals import signs
from kg.extract.titles import married_evidence, titled_evidence
from kg.graph import Graph, node_id
from kg.naming import TITLES
from kg.types import Fact, Node
from parsing.errors import NotFound
from parsing.manifest import Show, build_dir

if TYPE_CHECKING:
    pass

TABLE = Path(__file__).with_name("dialogre.toml")
_EPISODE = "S01E01"
_COUPLE = frozenset({"date", "out", "parting", "sex", "partner"})  # signs that one alone may be believed for
ALIAS, TITLE = "per:alternate_names", "per:title"
Triple = tuple[str, str, str]


@cache
def table() -> Mapping[str, tuple[str, str]]:
    """Relation of ours -> (theirs for subject and object, theirs for object and subject; "" where there is none)."""
    rows = tomllib.loads(TABLE.read_text(encoding="utf-8"))["relation"]
    return {name: (row["forth"], row["back"]) for name, row in rows.items()}


@dataclass(frozen=True)
class Heard:
    """The first turns of a dialogue: who speaks (node ids), the parsed words, and who everybody is."""

    turns: tuple[Turn, ...]
    people: Mapping[str, str]  # speaker's label -> node id
    lines: tuple[Line, ...]
    episode: str = ""


@dataclass(frozen=True)
class Place:
    """Where in the series a dialogue stands: its episode, and who its speakers are (label -> node id)."""

    episode: str
    speakers: Mapping[str, str]


def places_of(data: Path, part: str, show: Show) -> list[Place | None]:
    """The place of each dialogue, None where it isn't sure, by `dialogre_to_friends_map.json`. Raises `NotFound`."""
    path = data / FOLDER / "dialogre_to_friends_map.json"
    if not path.is_file():
        raise NotFound(f"no {path}: CANON_DATA names the folder that holds gold/ (docs/data.md)")
    names = {a.casefold(): node_id(m.name) for m in show.cast for a in (*m.labels, *m.aliases, m.name)}
    found: list[Place | None] = []
    for row in json.loads(path.read_text(encoding="utf-8"))[part]:
        season, episode, _ = row["scene"].upper().split("_") if row["confidence"] == "high" else ("", "", "")
        who = {label: names.get(name.casefold(), node_id(name)) for label, name in row["speakers"].items()}
        found.append(Place(season + episode, who) if season else None)
    return found


class Extractor:
    """Reads pairs of dialogues whose turns were parsed before."""

    def __init__(
        self,
        show: Show,
        dialogues: Sequence[Dialogue],
        graph: Graph | None = None,
        places: Sequence[Place | None] = (),
    ) -> None:
        from kg import pipeline

        self.names, self.graph = Names(show), graph
        self._places = {id(d): p for d, p in zip(dialogues, places, strict=bool(places))}
        self._views: dict[str, set[Triple]] = {}
        nlp = pipeline.load_pipeline(show)
        texts = [(str(n), plain(text)) for n, (_, text) in enumerate(t for d in dialogues for t in d.spoken())]
        cache_file = build_dir(show) / f"parsed-{pipeline.cache_key(nlp, show, texts)}.spacy"
        docs = iter(pipeline.parse_lines(nlp, texts, cache_file))
        self._docs = {id(d): [next(docs) for _ in d.turns] for d in dialogues}

    def __call__(self, dialogue: Dialogue, turns: int) -> list[Said]:
        """The relations of every pair, by the first turns alone."""
        heard = self._heard(dialogue, turns)
        triples = self._triples(heard) | self._known(heard.episode)
        meant = self._meant(heard, dialogue.pairs)
        return [frozenset(self._said(pair, heard, triples, meant)) for pair in dialogue.pairs]

    def taken_for(self, dialogue: Dialogue, turns: int) -> dict[str, str]:
        """Speaker's label -> node id of those who are called by a name in the first turns."""
        people = self._heard(dialogue, turns).people
        return {label: who for label, who in people.items() if who != node_id(label)}

    def _heard(self, dialogue: Dialogue, count: int) -> Heard:
        spoken, docs = dialogue.spoken()[:count], self._docs[id(dialogue)][:count]
        labels = [who for who, _ in spoken]
        place = self._places.get(id(dialogue))
        people = identify(labels, docs, self.names) if place is None else dict(place.speakers)
        people |= {w: node_id(w) for who in labels for w in who if w not in people}
        turns = tuple(Turn(tuple(people[w] for w in who), doc) for who, doc in zip(labels, docs, strict=True))
        everybody = tuple(sorted({s for t in turns for s in t.speakers}))
        lines = tuple(self._line(turns, n, everybody) for n in range(count))
        return Heard(turns, people, lines, place.episode if place else "")

    def _known(self, episode: str) -> set[Triple]:
        """What the graph says: what holds in the episode, or ever held where none is known."""
        if self.graph is None:
            return set()
        if episode not in self._views:
            view = self.graph.at(episode) if episode else self.graph
            facts = [f for f in view.facts if f.polarity and f.relation in table() and (view.now(f) or not episode)]
            self._views[episode] = {(f.subject, f.relation, f.object) for f in facts}
        return self._views[episode]

    def _line(self, turns: Sequence[Turn], n: int, everybody: tuple[str, ...]) -> Line:
        doc, speaker = turns[n].doc, turns[n].speakers[0]
        calls = [w for w, start, end in named(doc, self.names) if w in everybody and called(doc, start, end)]
        to = next((w for w in calls if w != speaker), "") or addressed(
            [t.speakers for t in turns], n, frozenset(everybody)
        )
        identity = f"{_EPISODE}.01.{n:03d}"
        return Line(identity, _EPISODE, 1, speaker, (to,) if to else (), everybody, doc.text, (), "")

    def _triples(self, heard: Heard) -> set[Triple]:
        """What the turns say, and what follows from it; of both directions one."""
        docs = {line.id: turn.doc for line, turn in zip(heard.lines, heard.turns, strict=True)}
        found: list[Evidence] = list(mentions(heard.lines, docs, self.names))
        for reader in (address_evidence, ceremony_evidence, married_evidence, titled_evidence):
            found += reader(heard.lines, self.names)
        found += nearby_evidence(heard.lines, self.names, frozenset())
        said = {(e.statement.subject, e.statement.relation, e.statement.object) for e in found if e.statement.polarity}
        said |= {(s.pair[0], "dating", s.pair[1]) for s in signs(heard.lines, self.names) if s.kind in _COUPLE}
        return said | implied(said)

    def _meant(self, heard: Heard, pairs: Collection[Pair]) -> dict[str, frozenset[str]]:
        """Argument -> node ids of those whom it means somewhere in the turns, by the resolver."""
        spans = {arg: _spans(arg, heard.turns) for p in pairs for arg in (p.x, p.y) if arg not in heard.people}
        everybody = sorted({s for found in spans.values() for s in found}, key=lambda s: (s.turn, s.start, s.end))
        answers = resolve(Scene(heard.turns, self.names, ""), everybody)
        return {arg: frozenset(w for s in found for w in answers[s] if w[:1] != "#") for arg, found in spans.items()}

    def _said(
        self, pair: Pair, heard: Heard, triples: Collection[Triple], meant: Mapping[str, frozenset[str]]
    ) -> set[str]:
        ends = [
            frozenset({heard.people[arg]}) if arg in heard.people else meant.get(arg, frozenset()) | {node_id(arg)}
            for arg in (pair.x, pair.y)
        ]
        found = set()
        if pair.x_type == "PER" and pair.y_type in {"PER", "STRING"} and ends[0] & ends[1]:
            found.add(TITLE if is_title(pair.y) else ALIAS)
        for subject, relation, object_ in triples:
            forth, back = table().get(relation, ("", ""))
            if subject in ends[0] and (object_ in ends[1] or _same(object_, pair.y)):
                found.add(forth)
            if subject in ends[1] and object_ in ends[0]:
                found.add(back)
        return found - {""}


def plain(text: str) -> str:
    """A turn's words with straight apostrophes."""
    return text.replace("’", "'").replace("`", "'")


def _same(literal: str, argument: str) -> bool:
    return node_id(literal) == node_id(argument)


def is_title(words: str) -> bool:
    """Is it a form of address by rank or a job ("Dr.", "doctor"), not a name?"""
    low = words.lower().strip(". ")
    return low in TITLES or low in occupations()


def _spans(argument: str, turns: Sequence[Turn]) -> list[Span]:
    """Where the words of an argument stand in the turns."""
    pattern = re.compile(rf"(?<!\w){re.escape(plain(argument))}(?!\w)", re.IGNORECASE)
    found = []
    for n, turn in enumerate(turns):
        for match in pattern.finditer(turn.doc.text):
            span = turn.doc.char_span(match.start(), match.end(), alignment_mode="expand")
            if span is not None:
                found.append(Span(n, span.start, span.end))
    return found


def implied(said: Collection[Triple]) -> set[Triple]:
    """What follows from triples by the table's rules: inverses, uncles, in-laws."""
    people = {end for s, _, o in said for end in (s, o)}
    nodes = [Node(p, "person", p) for p in sorted(people) if p]
    facts = [Fact(f"{s} {r} {o}", s, r, o) for s, r, o in sorted(said) if not r.startswith("event:") and s and o]
    return {(f.subject, f.relation, f.object) for f in Graph("dialogue", nodes, facts).facts}
