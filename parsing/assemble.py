"""Blocks of one episode -> utterance rows: scenes numbered, speakers named, who is there, who is spoken to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from parsing.manifest import Show
from parsing.readers import Block
from parsing.speakers import Cue, Speakers


@dataclass
class Scene:
    """One scene while it is being read."""

    number: int
    setting: str = ""
    blocks: list[Block] = field(default_factory=list)


def scenes_of(blocks: Sequence[Block]) -> list[Scene]:
    """Cut an episode into scenes, numbered from 1; a heading right after a heading only adds to it."""
    scenes: list[Scene] = []
    for block in blocks:
        if block.kind == "scene" or not scenes:
            heading = block.text if block.kind == "scene" else ""
            last = scenes[-1] if scenes else None
            if last is not None and not any(b.kind == "speech" for b in last.blocks):
                last.setting = "; ".join(t for t in (last.setting, heading) if t)
            else:
                scenes.append(Scene(len(scenes) + 1, heading))
        if block.kind in {"speech", "direction"}:
            scenes[-1].blocks.append(block)
    return [s for s in scenes if any(b.kind == "speech" for b in s.blocks)]


def rows_of(show: Show, episode: str, blocks: Sequence[Block], speakers: Speakers) -> list[dict[str, Any]]:
    """The rows of `utterances.parquet` of one episode, in the order of the show."""
    rows: list[dict[str, Any]] = []
    for number, scene in enumerate(scenes_of(blocks), 1):
        rows.extend(_scene_rows(show, episode, number, scene, speakers))
    return rows


def _scene_rows(show: Show, episode: str, number: int, scene: Scene, speakers: Speakers) -> list[dict[str, Any]]:
    spoken = [b for b in scene.blocks if b.kind == "speech" and b.text]
    cues = [speakers.resolve(b.label) for b in spoken]
    present = sorted({name for cue in cues for name in cue.speakers})
    return [
        _row(show, episode, number, n, scene, block, _all(cue, present), present)
        for n, (block, cue) in enumerate(zip(spoken, cues, strict=True), 1)
    ]


def _all(cue: Cue, present: Sequence[str]) -> Cue:
    return Cue(tuple(present), "all") if cue.reason == "all" else cue


def _row(
    show: Show, episode: str, number: int, n: int, scene: Scene, block: Block, cue: Cue, present: list[str]
) -> dict[str, Any]:
    return {
        "id": f"{episode}.{number:02d}.{n:03d}",
        "show": show.id,
        "season": int(episode[1:3]),
        "episode": episode,
        "scene": number,
        "n": n,
        "speaker": cue.speakers[0] if len(cue.speakers) == 1 and cue.reason != "all" else None,
        "speakers": list(cue.speakers),
        "speaker_raw": block.label,
        "addressees": [],
        "present": present,
        "text": block.text,
        "directions": list(block.directions),
        "scene_setting": scene.setting,
        "reality": "canon",
        "cue": cue.reason,
        "line": block.line,
    }
