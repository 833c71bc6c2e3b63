"""Who a cue names: labels, aliases, first and full names to canonical names; joint cues; misspellings with a reason."""

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein

from parsing.manifest import CastMember, Show

EVERYBODY = re.compile(
    r"(?:they )?(?:all|everyone|everybody|the gang|gang|both|the others|everyone else)(?: except.*)?"
)
_JOIN = re.compile(r"\s*(?:,\s*and\b|,|&|\+|/|\band\b)\s*", re.IGNORECASE)
_TITLE = re.compile(r"^(?:the|young|old|teenage|fat|little|baby)\s+")


@dataclass(frozen=True)
class Cue:
    """What a cue label was read as."""

    speakers: tuple[str, ...]  # canonical names; empty for a role that only this scene knows (a waiter)
    reason: str  # "name", "label", "alias", "joint", "group", "all", "misspelt X", "role"


def fold(label: str) -> str:
    """Case and punctuation folded: `fold("MRS. GELLER") == "mrs geller"`."""
    return " ".join(re.sub(r"[^\w\s]", " ", label.replace("'", "").replace(".", " ")).casefold().split())


class Speakers:
    """Resolves the cue labels of one show."""

    def __init__(self, show: Show) -> None:
        self._exact: dict[str, tuple[str, str]] = {}
        self._main = {fold(m.first_name): m.name for m in show.personas}
        self._groups = {fold(label): names for label, names in show.groups.items()}
        for reason, names in (("name", _names), ("label", _labels), ("alias", _aliases)):
            for member in show.cast:
                for text in names(member):
                    self._exact.setdefault(fold(text), (member.name, reason))
        self.resolve = lru_cache(maxsize=None)(self._resolve)

    def _resolve(self, label: str) -> Cue:
        """Read a label (without bracketed asides). Joint labels give several speakers."""
        whole = fold(label)
        if whole in self._groups:
            return Cue(self._groups[whole], "group")
        one = self._one(whole)
        if one is not None:
            return Cue((one[0],), one[1])
        if EVERYBODY.fullmatch(whole):
            return Cue((), "all")
        parts = [p for p in _JOIN.split(label) if p.strip()]
        if len(parts) > 1:
            found = [self._one(fold(p)) for p in parts]
            names = tuple(dict.fromkeys(f[0] for f in found if f is not None))
            if names:
                return Cue(names, "joint")
        return Cue((), "role")

    def _one(self, folded: str) -> tuple[str, str] | None:
        if folded in self._exact:
            return self._exact[folded]
        if len(folded) < 4 or " " in folded:
            return None
        near = [n for n in self._main if _close(folded, n)]
        return (self._main[near[0]], f"misspelt {near[0].title()}") if len(near) == 1 else None


def _close(label: str, name: str) -> bool:
    """At most one slip in a short name, two in a long one, and the first letter right."""
    return label[0] == name[0] and DamerauLevenshtein.distance(label, name) <= (1 if len(name) < 6 else 2)


def _names(member: CastMember) -> tuple[str, ...]:
    return (member.name,)


def _labels(member: CastMember) -> tuple[str, ...]:
    return member.labels


def _aliases(member: CastMember) -> tuple[str, ...]:
    return (member.first_name, *member.aliases)
