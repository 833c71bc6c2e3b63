"""Who a cue names: labels, aliases, first and full names to canonical names; joint cues; misspellings with a reason."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from rapidfuzz.distance import DamerauLevenshtein

from parsing.labels import squash
from parsing.manifest import CastMember, Show
from parsing.voices import Voices, fold

_EVERYBODY = re.compile(
    r"(?:they )?(?:all|everyone|everybody|(?:the )?(?:whole )?gang|both|together)\b(?: of them)?"
    r"(?:\s+(?:except|but)\s+(?P<not>.+))?"
)
_JOIN = re.compile(r"\s*(?:,\s*and\b|,|&|\+|/|\band\b)\s*", re.IGNORECASE)


_TOGETHER = re.compile(r"[\s,]+(?:together|in unison|simultaneously|at (?:the )?same time)\W*$", re.IGNORECASE)
_ASIDE = re.compile(  # a verb, an adverb, or where a phrase begins: not `Butters profile`, `Foreman together`
    r"\w+(?:ing|ed|ly)|\w{2,}s|to|with|while|about|all|first|as|from|over|through|on|in|at|into|onto|off|out|then|still|"
    r"sat|stood|ran|began|took|gave|got|put|left"
)
_COPY = re.compile(r"(?:on|at|to) (?:the )?(?:left|right)\b")  # one of several who look alike
_PLAYED = re.compile(r"[\"“].+[\"”]|.*\b(?:voice ?mail|answering machine)", re.IGNORECASE)  # `"Jim"`: dressed as Jim
_WORDS = 4  # of one name in a joint label
LOCAL = ("role", "local")  # reasons of a cue whose speaker is known to this episode only: `Guard (S01E02)`


class Statistics(Protocol):
    """What `Speakers` asks of a plan (merging.py)."""

    def overruled(self, key: str, episode: str) -> tuple[str, str] | None:
        """(canonical name, "manifest") where the manifest's `[merge]` says so."""

    def find(self, key: str, episode: str) -> tuple[str, str] | None:
        """(canonical name, reason) of a folded label in an episode."""

    def is_role(self, key: str) -> bool:
        """Is it a role, cast anew in every episode?"""

    def is_stranger(self, key: str, episode: str) -> bool:
        """Is it somebody else than the member of the cast whom it would name?"""


@dataclass(frozen=True)
class Cue:
    """What a cue label was read as."""

    speakers: tuple[str, ...]  # canonical names; empty for a role that only its scene knows (a waiter)
    reason: str  # "id", "name", "label", "alias", "joint", "group", "all", "aside", "voice", "misspelt", "role";
    # with statistics also "statistics", "spelling", "title", "first name", "last name", "near", "manifest", "local"
    absent: tuple[str, ...] = ()  # for "all": who is expressly left out

    @property
    def one(self) -> str | None:
        """The canonical name where the cue names exactly one person."""
        return self.speakers[0] if len(self.speakers) == 1 and self.reason not in {"all", "group"} else None


def in_scope(scope: Sequence[str], episode: str) -> bool:
    """Does a person's scope (seasons, episodes; empty = everywhere) hold in this episode?"""
    return not scope or episode in scope or episode[:3] in scope


class Speakers:
    """Resolves the cue labels of one show. Names win over labels, labels over aliases, earlier cast over later.

    With `statistics` (merging.py), labels that the cast doesn't know are people of the show, spellings of them, or
    local to their episode, and the rules for misspellings are those of the statistics.
    """

    def __init__(self, show: Show, statistics: "Statistics | None" = None) -> None:
        self._statistics = statistics
        self._exact: dict[str, list[tuple[CastMember, str]]] = {}
        self._main = {fold(m.first_name): m for m in show.personas}
        self._groups = {fold(label): names for label, names in show.groups.items()}
        self._ids = {label[1:]: m.name for m in show.cast for label in m.labels if label.startswith("#")}
        self._voices = Voices(show.voices)
        for reason in ("name", "label", "alias"):
            for member in show.cast:
                for text in _spellings(member, reason):
                    self._exact.setdefault(fold(text), []).append((member, reason))
        self._cast = show.cast
        self._local: dict[tuple[str, str], str] = {}  # squashed label, episode -> somebody of that episode
        self.resolve = lru_cache(maxsize=None)(self._resolve)

    def read_as_crowd(self, label: str) -> bool:
        """Is this label a group of the manifest, or everybody?"""
        return fold(label) in self._groups or _EVERYBODY.fullmatch(fold(label)) is not None

    def is_short(self, label: str) -> bool:
        """Is this label nobody's full name or cue label, only what people call somebody?"""
        return {reason for _, reason in self._exact.get(fold(label), ())} == {"alias"}

    def person(self, text: str, episode: str) -> str | None:
        """The canonical name that a name, alias or label (no misspelling) stands for in this episode."""
        hit = self._exactly(fold(text), episode)
        return hit[0] if hit else None

    def cue(self, label: str, episode: str, ids: Sequence[str] = ()) -> Cue:
        """Who speaks: by the source's own ids where the cast has them all, else by the label."""
        known = tuple(self._ids[i] for i in ids if i in self._ids)
        if known and len(known) == len(ids):
            return Cue(known, "id" if len(known) == 1 else "joint")
        if self._statistics is not None and _PLAYED.fullmatch(label.strip()):
            return Cue((f"{label.strip()} ({episode})",), "role")
        return self.resolve(label, episode)

    def _resolve(self, label: str, episode: str) -> Cue:
        """Read a label (bracketed asides taken out before)."""
        whole = fold(label)
        if whole in self._groups:
            return Cue(self._groups[whole], "group")
        if (one := self._one(whole, episode)) is not None:
            return Cue((one[0],), one[1])
        if (everybody := _EVERYBODY.fullmatch(fold(_TOGETHER.sub("", label)))) is not None:
            left_out = self._several(everybody["not"] or "", episode)
            return Cue((), "all", absent=left_out)
        if self._statistics is not None:
            return self._by_statistics(label, episode)
        if names := self._several(label, episode):
            return Cue(names, "joint" if len(names) > 1 else "voice")
        return self._by_part(label, episode)

    def _by_statistics(self, label: str, episode: str) -> Cue:
        """A joint label where a part is known, a family, or somebody of this episode alone."""
        if names := self._joint(label, episode):
            return Cue(names, "joint")
        if family := self._family(fold(label)):
            return Cue(family, "group")
        cue = self._by_part(label, episode)
        if cue.speakers or self._statistics is None or not any(c.isalnum() for c in label):
            return cue
        role = self._statistics.is_role(fold(label))
        return Cue((self._of_episode(label, episode),), "role" if role else "local")

    def _joint(self, label: str, episode: str) -> tuple[str, ...]:
        """Everyone whom `ELAINE & RAY` names: who is known by name, anybody else as somebody of this episode."""
        bare = _TOGETHER.sub("", label)
        if bare != label and _EVERYBODY.fullmatch(fold(bare)) is None and len(joint_parts(bare)) < 2:
            return ()  # `Foreman together`: with whom is not told
        parts = joint_parts(bare)
        known = [self._one(fold(part), episode) for part in parts]
        if len(parts) < 2 or not any(known) or any(len(part.split()) > _WORDS for part in parts):
            return ()
        names = (k[0] if k else self._of_episode(p, episode) for p, k in zip(parts, known, strict=True))
        return tuple(dict.fromkeys(names))

    def _family(self, whole: str) -> tuple[str, ...]:
        """`the marshes`: the members of the cast whose surname it is, where there are two or more."""
        if not whole.startswith("the ") or " " in whole[4:]:
            return ()
        names = {whole[4:].removesuffix("s"), whole[4:].removesuffix("es")} - {whole[4:]}
        found = tuple(m.name for m in self._cast if " " in m.name and fold(m.name).split()[-1] in names)
        return found if len(found) > 1 else ()

    def _of_episode(self, label: str, episode: str) -> str:
        """`Guard (S01E02)`: one name for all spellings of a label in an episode, as it is written first."""
        return self._local.setdefault((squash(fold(label)), episode), f"{label.strip()} ({episode})")

    def _by_part(self, label: str, episode: str) -> Cue:
        """A voice (`Janice's Voice`), a name with an aside, or nobody the cast knows."""
        voice = self._voices.split(label)
        if voice is not None and (one := self._one(fold(voice[0]), episode)) is not None:
            return Cue((one[0],), "voice")
        if (name := self._with_aside(label, episode)) is not None:
            return Cue((name,), "aside")
        return Cue((), "role")

    def _several(self, label: str, episode: str) -> tuple[str, ...]:
        parts = [fold(p) for p in joint_parts(label)]
        found = [self._one(p, episode) for p in parts] if len(parts) > 1 or "/" in label else []
        if not found and parts and (only := self._one(parts[0], episode)):
            found = [only]
        return tuple(dict.fromkeys(f[0] for f in found if f is not None))

    def _with_aside(self, label: str, episode: str) -> str | None:
        """`Monica screaming at Ross` is Monica, with an aside nobody put into brackets."""
        words = label.split()
        if label == label.lower():
            return None  # where every word is small, a small word doesn't show where the name ends
        for count in (3, 2, 1):
            head, rest = words[:count], words[count:]
            if (
                rest
                and not head[-1].endswith(("'", "'s"))
                and rest[0].isalpha()
                and rest[0].islower()
                and _ASIDE.fullmatch(rest[0])
                and not _COPY.match(" ".join(rest).casefold())
            ):
                hit = self._exactly(fold(" ".join(head)), episode)
                if hit is not None:
                    return hit[0]
        return None

    def _one(self, folded: str, episode: str) -> tuple[str, str] | None:
        if self._statistics is not None:
            known = None if self._statistics.is_stranger(folded, episode) else self._exactly(folded, episode)
            return self._statistics.overruled(folded, episode) or known or self._statistics.find(folded, episode)
        if (hit := self._exactly(folded, episode)) is not None:
            return hit
        if len(folded) < 4 or " " in folded or folded in self._exact:
            return None  # a short label, or one that is another person's in other episodes
        near = [m for name, m in self._main.items() if _close(folded, name)]
        return (near[0].name, "misspelt") if len(near) == 1 else None

    def _exactly(self, folded: str, episode: str) -> tuple[str, str] | None:
        owners = self._exact.get(folded, ())
        fit = [(m, reason) for m, reason in owners if reason == "name" or in_scope(m.episodes, episode)]
        fit.sort(key=lambda hit: not hit[0].episodes)  # whose scope names this episode goes before the unscoped
        return (fit[0][0].name, fit[0][1]) if fit else None


def joint_parts(label: str) -> list[str]:
    """`["ADA", "TOM"]` for `ADA AND TOM`."""
    return [part for part in _JOIN.split(label) if fold(part)]


def _close(label: str, name: str) -> bool:
    """One slip in a short name (none in a very short one), two in a long one, the first letter right."""
    return (
        len(name) > 3
        and label[0] == name[0]
        and DamerauLevenshtein.distance(label, name) <= (1 if len(name) < 7 else 2)
    )


def _spellings(member: CastMember, reason: str) -> tuple[str, ...]:
    if reason == "name":
        # a one-word name ("Julie") is a short name like any alias: it has the person's scope
        return (member.name,) if " " in member.name else ()
    return tuple(t for t in member.labels if t[:1] != "#") if reason == "label" else (member.name, *member.aliases)
