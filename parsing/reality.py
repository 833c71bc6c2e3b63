"""Canon, flashback, imagined or performance: what a scene is, by the manifest's `[[reality]]` rules.

Dreams, alternate lives and plays in the play are spoken by the same people and must make no facts.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from parsing.manifest import Reality
from parsing.readers import Block

CANON = "canon"


@dataclass(frozen=True)
class _Rule:
    kind: str
    heading: re.Pattern[str] | None
    end: re.Pattern[str] | None
    label: re.Pattern[str] | None
    episode: str
    lines: tuple[tuple[int, int], ...]

    def names(self, episode: str, block: Block) -> bool:
        """Does the rule name this very line, by episode, line numbers and cue label (those that it gives)?"""
        if self.heading is not None or (self.episode and episode != self.episode):
            return False
        if self.lines and not any(first <= block.line <= last for first, last in self.lines):
            return False
        return self.label is None or (block.kind == "speech" and self.label.fullmatch(block.label) is not None)


class RealityMarks:
    """Walks through the blocks of one episode and tells the reality of each."""

    def __init__(self, rules: Iterable[Reality]) -> None:
        self._rules = [_compiled(rule) for rule in rules]

    def of(self, episode: str, blocks: Sequence[Block]) -> list[str]:
        """The reality of each block, in order. A heading holds up to the next heading or the rule's `end`."""
        kinds: list[str] = []
        state, rule = CANON, None
        for block in blocks:
            if block.kind == "scene":
                rule = next((r for r in self._rules if _opens(r, episode, block)), None)
                state = rule.kind if rule else CANON
            elif block.kind == "direction" and rule and rule.end and rule.end.match(block.text):
                state, rule = CANON, None
            named = next((r.kind for r in self._rules if r.names(episode, block)), "")
            kinds.append(named or state)
        return kinds


def _opens(rule: _Rule, episode: str, block: Block) -> bool:
    return bool(rule.heading and rule.heading.match(block.text)) and rule.episode in {"", episode}


def _compiled(rule: Reality) -> _Rule:
    patterns = [re.compile(p, re.IGNORECASE) if p else None for p in (rule.heading, rule.end, rule.label)]
    lines = tuple((int(first), int(last)) for first, last in rule.lines)
    return _Rule(rule.kind, patterns[0], patterns[1], patterns[2], rule.episode, lines)
