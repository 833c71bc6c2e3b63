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

    def covers(self, episode: str, line: int) -> bool:
        """Is this line of the source named by episode (and line numbers)?"""
        if not self.episode or episode != self.episode:
            return False
        return not self.lines or any(first <= line <= last for first, last in self.lines)


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
                rule = next((r for r in self._rules if r.heading and r.heading.match(block.text)), None)
                state = rule.kind if rule else CANON
            elif block.kind == "direction" and rule and rule.end and rule.end.match(block.text):
                state, rule = CANON, None
            kinds.append(self._by_line(episode, block) or state)
        return kinds

    def _by_line(self, episode: str, block: Block) -> str:
        for rule in self._rules:
            if rule.covers(episode, block.line):
                return rule.kind
            if rule.label and block.kind == "speech" and rule.label.fullmatch(block.label):
                return rule.kind
        return ""


def _compiled(rule: Reality) -> _Rule:
    patterns = [re.compile(p, re.IGNORECASE) if p else None for p in (rule.heading, rule.end, rule.label)]
    lines = tuple((int(first), int(last)) for first, last in rule.lines)
    return _Rule(rule.kind, patterns[0], patterns[1], patterns[2], rule.episode, lines)
