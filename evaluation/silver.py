"""Silver truth for the resolver, from training episodes alone: names that are there, masked.

    python -m evaluation silver friends

Two counts come out, and `kg/extract/` holds the chosen numbers. Whom a line that calls somebody by name is said to, by
who speaks around it (`kg.extract.addressed`); and how often the resolver finds a name that is masked as "he" or "she",
of somebody named within the last turns, for each setting of its weights.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from types import ModuleType
from typing import TYPE_CHECKING, Any

from kg.extract import resolver, salience
from kg.extract.addressed import neighbours
from kg.extract.mentions import Line, Names, read_lines
from kg.extract.resolver import Scene, Span, Turn
from kg.pipeline import load_pipeline
from parsing.episodes import split_of
from parsing.manifest import Show

if TYPE_CHECKING:
    from spacy.tokens import Doc

_CALLED = r"^(?:(?:hey|hi|oh|ok|okay|well|so|look|listen|no|yes|yeah|and),? )?{}(?=[,!?])|, {}[.!?]*$"
_NEAR = 4  # turns within which a masked name has to have been named before
_EVERY = 5  # every so many training scenes are read: enough, and quick
GRID = {
    "FADING": (0.4, 0.6, 0.75),
    "SUBJECT": (1.0, 1.5),
    "SPOKE": (0.0, 0.03, 0.1),
    "TO_ADDRESSEE": (0.1, 0.3, 0.6),
}


def scenes(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """The training scenes."""
    yield from parts(line for line in lines if int(line.episode[4:]) % 4)


def parts(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Lines by scene, those without a speaker left out."""
    here: list[Line] = []
    for line in lines:
        if here and line.place != here[0].place:
            yield here
            here = []
        if line.speaker:
            here.append(line)
    if here:
        yield here


def hidden_scenes(show: Show, split: str) -> "list[tuple[list[tuple[str, ...]], list[Doc]]]":
    """Who speaks in each scene of `train` or `dev` with at least two speakers, and the words, split but not parsed."""
    from parsing.tables import load_utterances

    lines = read_lines(load_utterances(show))
    chosen = (line for line in lines if split_of(line.episode) == split)
    make = load_pipeline(show).make_doc
    several = (part for part in parts(chosen) if len({line.speaker for line in part}) > 1)
    return [([(line.speaker,) for line in part], [make(line.text) for line in part]) for part in several]


def addressed(parts: Sequence[Sequence[Line]], names: Names) -> dict[str, Any]:
    """For each place in the talk (`neighbours`), how many candidates stood there, and the share called by name."""
    there: Counter[tuple[bool, bool, bool]] = Counter()
    meant: Counter[tuple[bool, bool, bool]] = Counter()
    for part in parts:
        speakers = [(line.speaker,) for line in part]
        people = frozenset(line.speaker for line in part)
        for n, line in enumerate(part):
            called = {w for w, a, b in names.find(line.text, line.episode) if _set_off(line.text, a, b)}
            if len(called) == 1 and called <= people - {line.speaker}:
                for who in people - {line.speaker}:
                    cell = neighbours(speakers, n, who)
                    there[cell] += 1
                    meant[cell] += who in called
    return {str(cell): {"share": round(meant[cell] / there[cell], 3), "of": there[cell]} for cell in sorted(there)}


def _set_off(text: str, start: int, end: int) -> bool:
    name = re.escape(text[start:end])
    return re.search(_CALLED.replace("{}", name), text, re.IGNORECASE) is not None


def masked(show: Show, parts: Sequence[Sequence[Line]], names: Names) -> list[dict[str, Any]]:
    """Share of masked names found, for each setting of the weights; best first."""
    nlp = load_pipeline(show)
    chosen = [list(part) for part in parts][::_EVERY]
    docs = iter(nlp.pipe(line.text for part in chosen for line in part))
    read = [([Turn((line.speaker,), next(docs), line.addressees) for line in part], part[0].episode) for part in chosen]
    asked = [(turns, episode, *_questions(turns, names, episode)) for turns, episode in read]
    results = []
    kept = {key: getattr(_module(key), key) for key in GRID}
    for values in product(*GRID.values()):
        setting = dict(zip(GRID, values, strict=True))
        for key, value in setting.items():
            setattr(_module(key), key, value)
        right = of = 0
        for turns, episode, spans, truth in asked:
            found = resolver.resolve(Scene(turns, names, episode, masks=truth), spans)
            right += sum(found[span] == (truth[span],) for span in truth)
            of += len(truth)
        results.append({**setting, "right": right, "of": of, "share": round(right / of, 4)})
    for key, value in kept.items():
        setattr(_module(key), key, value)
    return sorted(results, key=lambda r: -r["share"])


def _module(key: str) -> ModuleType:
    """Where a weight stands."""
    return salience if hasattr(salience, key) else resolver


def _questions(turns: Sequence[Turn], names: Names, episode: str) -> tuple[list[Span], dict[Span, str]]:
    """Spans of all names of a scene, and of these the ones to be masked: not called, and named shortly before."""
    spans: list[Span] = []
    truth: dict[Span, str] = {}
    last: dict[str, int] = {}
    for n, turn in enumerate(turns):
        for who, start, end in names.find(turn.doc.text, episode):
            words = turn.doc.char_span(start, end, alignment_mode="expand")
            if words is None:
                continue
            span = Span(n, words.start, words.end)
            spans.append(span)
            near = who in last and n - last[who] <= _NEAR and who not in turn.speakers
            if near and names.genders.get(who) and not _set_off(turn.doc.text, start, end):
                truth[span] = who
            last[who] = n
    return spans, truth


def run(show: Show) -> dict[str, Any]:
    """Both counts."""
    from parsing.tables import load_utterances

    names = Names(show)
    parts = list(scenes(read_lines(load_utterances(show))))
    return {"show": show.id, "addressed": addressed(parts, names), "masked": masked(show, parts, names)[:10]}
