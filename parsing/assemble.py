"""Blocks of one episode -> utterance rows: scenes numbered, speakers named, who is there, who is spoken to."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from parsing.addressees import Addressees
from parsing.episodes import season_of
from parsing.line_clues import Spoken
from parsing.manifest import Show
from parsing.plan import Plan
from parsing.presence import NameFinder, present_at
from parsing.readers import Block
from parsing.reality import RealityMarks
from parsing.speakers import LOCAL, Cue, Speakers
from parsing.voices import Voices

CROWD = frozenset({"all", "group", "joint"})  # cue reasons of lines that several speak
_LONG = 160  # lines of a scene above which `ALL` are those who speak near it; the longest of Friends has 156
_NEAR = 12  # lines before and after


@dataclass
class Scene:
    """One scene: its heading and what stands below it, each block with its reality."""

    setting: str = ""
    source: int = 0  # the source's own number
    blocks: list[Block] = field(default_factory=list)
    realities: list[str] = field(default_factory=list)


def scenes_of(blocks: Sequence[Block], realities: Sequence[str]) -> list[Scene]:
    """Cut an episode into scenes. A heading before anybody spoke only adds to the heading it follows."""
    scenes: list[Scene] = []
    for block, reality in zip(blocks, realities, strict=True):
        last = scenes[-1] if scenes else None
        if last is None or block.kind == "scene" or block.scene != last.source:
            heading = block.text if block.kind == "scene" else ""
            if last is not None and block.scene == last.source and not any(b.kind == "speech" for b in last.blocks):
                last.setting = "; ".join(t for t in (last.setting, heading) if t)
            else:
                scenes.append(Scene(heading, block.scene))
        if block.kind in {"speech", "direction"}:
            scenes[-1].blocks.append(block)
            scenes[-1].realities.append(reality)
    return [s for s in scenes if any(b.kind == "speech" for b in s.blocks)]


class Assembler:
    """Makes the utterance rows of one show, episode by episode, and counts what it left out."""

    def __init__(self, show: Show, plan: Plan | None = None) -> None:
        self.show = show
        self.dropped: Counter[str] = Counter()
        self._speakers = Speakers(show, plan)
        self._voice = lru_cache(maxsize=2**14)(Voices(show.voices).kind)
        self._names = NameFinder(replace(show, cast=(*show.cast, *plan.people)) if plan else show)
        self._addressees = Addressees(self._names)
        self._marks = RealityMarks(show.reality)

    def rows(self, episode: str, blocks: Sequence[Block]) -> list[dict[str, Any]]:
        """The rows of `utterances.parquet` of one episode, in the order of the show."""
        rows: list[dict[str, Any]] = []
        for number, scene in enumerate(scenes_of(blocks, self._marks.of(episode, blocks)), 1):
            rows.extend(self._scene_rows(episode, number, scene))
        return rows

    def _scene_rows(self, episode: str, number: int, scene: Scene) -> list[dict[str, Any]]:
        cues = [self._speakers.cue(b.label, episode, b.who) if b.kind == "speech" else None for b in scene.blocks]
        present = present_at(scene.blocks, cues, scene.setting, self._names, episode)
        kept: list[tuple[Block, Cue, list[str], str]] = []
        for block, cue, people, reality in zip(scene.blocks, cues, present, scene.realities, strict=True):
            if cue is None:
                continue
            if not any(c.isalnum() for c in block.text):
                self.dropped["cue with directions only" if block.directions else "cue without speech"] += 1
                continue
            kept.append((block, cue, people, reality))
        kept = [(b, _resolved(c, p, _around(kept, i)), p, r) for i, (b, c, p, r) in enumerate(kept)]
        spoken = [Spoken(b.text, c.speakers, b.label, b.directions, tuple(p), c.reason in CROWD) for b, c, p, _ in kept]
        rows = []
        for n, (line, said) in enumerate(zip(kept, self._addressees.of(spoken, episode), strict=True), 1):
            place = {"id": f"{episode}.{number:02d}.{n:03d}", "episode": episode, "scene": number, "n": n}
            told = {"addressees": list(said.names), "addressee_confidence": said.confidence}
            rows.append(self._row(place, scene, line) | told)
        return rows

    def _row(self, place: Mapping[str, Any], scene: Scene, line: tuple[Block, Cue, list[str], str]) -> dict[str, Any]:
        block, cue, present, reality = line
        return {
            "id": place["id"],
            "show": self.show.id,
            "season": season_of(place["episode"]),
            **{key: place[key] for key in ("episode", "scene", "n")},
            "speaker": cue.one,
            "speakers": list(cue.speakers),
            "speaker_raw": block.label,
            "local": _local(cue, block.label, place["episode"]),
            "addressees": [],
            "addressee_confidence": None,
            "present": present,
            "text": block.text,
            "directions": list(block.directions),
            "voice": self._voice(block.marks, block.label),
            "scene_setting": scene.setting,
            "reality": reality,
            "cue": cue.reason,
            "line": block.line,
            "source_scene": scene.source,
        }


def _around(lines: Sequence[tuple[Block, Cue, list[str], str]], i: int) -> set[str] | None:
    """Who speaks near line `i`; None in a scene short enough for everybody in it to be near.

    Where a source marks no scenes, a whole episode is one, and `ALL` are not all who are ever there.
    """
    if len(lines) <= _LONG or lines[i][1].reason not in {"all", "group"}:
        return None
    near = lines[max(0, i - _NEAR) : i + _NEAR + 1]
    return {name for _, cue, _, _ in near if cue.reason not in {"all", "group"} for name in cue.speakers}


def _resolved(cue: Cue, present: Sequence[str], around: set[str] | None = None) -> Cue:
    """`ALL` means those who are there; a group means those of it who are there, if anybody is known to be."""
    there = [p for p in present if around is None or p in around]
    if cue.reason == "all":
        return Cue(tuple(p for p in there if p not in cue.absent), "all")
    if cue.reason == "group":
        return Cue(tuple(s for s in cue.speakers if s in there) or cue.speakers, "group")
    return cue


def _local(cue: Cue, label: str, episode: str) -> str:
    """Who speaks where only this episode knows: `Guard (S01E02)`; empty for a person of the show."""
    if cue.reason in LOCAL and cue.speakers:
        return cue.speakers[0]
    nameless = cue.reason == "role" and not cue.speakers and any(c.isalnum() for c in label)
    return f"{label.strip()} ({episode})" if nameless else ""
