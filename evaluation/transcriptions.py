"""Two independent transcriptions of one series against each other: which lines are in both, and who says them.

Each episode's words are aligned by a library's longest common subsequence (rapidfuzz, `LCSseq`; Hyyrö, "Bit-parallel
LCS-length computation revisited", 2004). A line of the other source is found where at least `FOUND` of its words are
aligned; its counterpart is our utterance that holds most of them. Ids and causes are reported, never the text.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Any

import pandas as pd

from evaluation.statistics import Share
from parsing.fetch import fetch
from parsing.manifest import Show
from parsing.readers import reader_named
from parsing.sources import listed
from parsing.speakers import joint_parts
from parsing.tables import load_utterances
from parsing.voices import fold

FOUND = 0.8  # share of a line's words that are aligned, from which on it counts as found
_EXAMPLES = 8  # ids of each cause that are written down
_WORD = re.compile(r"\w+")
_CUE = re.compile(r"\b([A-Z]\w+) ?:\s")  # a cue inside a line, as in `Sure. Joey: No.`
_TITLE = re.compile(r"\b(?:mr|mrs|ms|miss|dr|aunt|uncle)\b", re.IGNORECASE)
_CROWD = ("all", "group")
LEFT_OUT = "in a page that our manifest leaves out as not canon"


@dataclass(frozen=True)
class Said:
    """One line of either source."""

    id: str
    text: str
    label: str  # the cue as it stands
    speakers: frozenset[str]  # canonical names
    cue: str  # why the label was read so


@dataclass(frozen=True)
class Pair:
    """A line of the other source, and our utterance that holds most of its words; None where it isn't found."""

    theirs: Said
    ours: Said | None
    share: float  # of the line's words that are aligned


def words(text: str) -> list[str]:
    """The words of a line, case, apostrophes and signs folded away."""
    return _WORD.findall(text.casefold().replace("'", ""))


def align(ours: Sequence[Said], theirs: Sequence[Said]) -> list[Pair]:
    """A pair for each line of `theirs` that has a word; both in the order of one episode."""
    from rapidfuzz.distance import LCSseq

    left = [(word, i) for i, said in enumerate(ours) for word in words(said.text)]
    right = [(word, i) for i, said in enumerate(theirs) for word in words(said.text)]
    shared: dict[int, Counter[int]] = defaultdict(Counter)  # their line -> our line -> aligned words
    for step in LCSseq.opcodes([word for word, _ in left], [word for word, _ in right]):
        if step.tag == "equal":
            for here, there in zip(
                left[step.src_start : step.src_end], right[step.dest_start : step.dest_end], strict=True
            ):
                shared[there[1]][here[1]] += 1
    pairs = []
    for i, count in sorted(Counter(i for _, i in right).items()):
        share = shared[i].total() / count
        ours_too = ours[shared[i].most_common(1)[0][0]] if share >= FOUND else None
        pairs.append(Pair(theirs[i], ours_too, share))
    return pairs


def speaker_verdict(pair: Pair) -> str:
    """`same` or `different` where both name somebody of the cast or everybody; `one` or `neither` where they don't."""
    assert pair.ours is not None
    one, other = pair.ours, pair.theirs
    crowds = one.cue in _CROWD, other.cue in _CROWD
    if all(crowds):
        return "same"
    known = bool(one.speakers) or crowds[0], bool(other.speakers) or crowds[1]
    if not all(known):
        return "one" if any(known) else "neither"
    return "same" if one.speakers == other.speakers else "different"


def speaker_cause(pair: Pair) -> str:
    """Why the two sources name different people, by what their cues look like; in our own words."""
    assert pair.ours is not None
    one, other = pair.ours, pair.theirs
    if _runs_on(other, one) or _runs_on(one, other):
        return f"{'the other' if _runs_on(other, one) else 'our'} source runs two cues into one line"
    if len(joint_parts(one.label)) > 1 or len(joint_parts(other.label)) > 1 or {one.cue, other.cue} & set(_CROWD):
        return "one source names several people or everybody, the other one or some of them"
    if _TITLE.search(one.label) and not _TITLE.search(other.label):
        return "a parent or relative by title here, a namesake there"
    if fold(one.label) != fold(other.label) and fold(other.label).startswith(fold(one.label)[:3]):
        return "one short name read as two different people"
    same = words(one.text) == words(other.text)
    return "the same line under another cue" if same else "cut differently: its words stand in a neighbour's line"


def _runs_on(line: Said, said: Said) -> bool:
    """Does a cue inside `line` name the speaker of the other source's line?"""
    names = {fold(name.split()[0]) for name in (*said.speakers, said.label) if name.strip()}
    return any(fold(cue) in names for cue in _CUE.findall(line.text))


def missing_cause(pair: Pair, left_out: Set[str]) -> str:
    """Why a line of the other source isn't found in ours; in our own words. `left_out`: ids found in such files."""
    text = pair.theirs.text
    if pair.theirs.id in left_out:
        return LEFT_OUT
    if _CUE.search(text):
        return "the other source runs a cue into the line"
    if not pair.theirs.speakers and pair.theirs.cue not in _CROWD:
        return "a sign, a sound or a role: no speech of the cast"
    if pair.share == 0:
        return "not in our source at this place: cut scene, stage direction taken for speech, other order"
    if len(words(text)) <= 3:
        return "a word or two spelt or heard differently"
    return "partly in our source: other wording"


def lines_of(table: pd.DataFrame) -> dict[str, list[Said]]:
    """Episode -> its lines in order."""
    episodes: dict[str, list[Said]] = defaultdict(list)
    columns = [table[c] for c in ("episode", "id", "text", "speaker_raw", "speakers", "cue")]
    for episode, utterance, text, label, speakers, cue in zip(*columns, strict=True):
        episodes[episode].append(Said(utterance, text, label, frozenset(speakers), cue))
    return episodes


def compare(show: Show, other: Show) -> dict[str, Any]:
    """Every spoken line of `other` looked for in `show`. Raises `NotFound` where one wasn't parsed."""
    ours, theirs = lines_of(load_utterances(show)), lines_of(load_utterances(other))
    pairs = [pair for episode in sorted(theirs) for pair in align(ours.get(episode, []), theirs[episode])]
    return score(pairs, in_files_left_out(show, [pair.theirs for pair in pairs if pair.ours is None]))


def in_files_left_out(show: Show, missing: Sequence[Said]) -> set[str]:
    """The ids of those lines that stand in a file which the manifest leaves out (scenes that were never broadcast)."""
    found: set[str] = set()
    for source in show.sources:
        for entry in listed(show, source):
            if entry.get("drop"):
                blocks = reader_named(source.reader)(fetch(show, source, entry), source.options, entry["path"])
                lines = [Said("", b.text, b.label, frozenset(), "") for b in blocks if b.kind == "speech"]
                found |= {pair.theirs.id for pair in align(lines, missing) if pair.ours is not None}
    return found


def score(pairs: Sequence[Pair], left_out: Set[str] = frozenset()) -> dict[str, Any]:
    """The shares, and the differences by cause with some ids of each."""
    found = [pair for pair in pairs if pair.ours is not None]
    verdicts = Counter(map(speaker_verdict, found))
    differ = [pair for pair in found if speaker_verdict(pair) == "different"]
    missing = [pair for pair in pairs if pair.ours is None]
    decided = verdicts["same"] + verdicts["different"]
    return {
        "words_aligned_from": FOUND,
        "lines_found": Share(len(found), len(pairs)).to_json(),
        "lines_found_but_for_files_left_out": Share(len(found), len(pairs) - len(left_out)).to_json(),
        "same_speaker": Share(verdicts["same"], decided).to_json(),
        "same_speaker_but_for_the_other_source": _but_for(differ, decided),
        "speaker_known_to_one_source_only": verdicts["one"],
        "speaker_known_to_neither": verdicts["neither"],
        "missing_by_cause": _by_cause([(missing_cause(pair, left_out), pair) for pair in missing]),
        "different_by_cause": _by_cause([(speaker_cause(pair), pair) for pair in differ]),
    }


def _but_for(differ: Sequence[Pair], decided: int) -> dict[str, float | int]:
    """The share of the same speaker without lines into which the other source itself writes a second cue."""
    theirs = sum(speaker_cause(pair).startswith("the other source") for pair in differ)
    return Share(decided - len(differ), decided - theirs).to_json()


def _by_cause(found: Sequence[tuple[str, Pair]]) -> dict[str, dict[str, Any]]:
    """Cause -> how many lines, and ids (theirs, ours) of some, drawn evenly."""
    groups: dict[str, list[Pair]] = defaultdict(list)
    for cause, pair in found:
        groups[cause].append(pair)
    result = {}
    for cause, pairs in sorted(groups.items(), key=lambda item: -len(item[1])):
        some = pairs[:: max(1, len(pairs) // _EXAMPLES)][:_EXAMPLES]
        ids = [[pair.theirs.id, pair.ours.id if pair.ours else ""] for pair in some]
        result[cause] = {"lines": len(pairs), "examples": ids}
    return result
