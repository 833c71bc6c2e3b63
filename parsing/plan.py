"""What the statistics of a show's labels made of them: its people, and every merge."""

from dataclasses import dataclass, field

from parsing.manifest import CastMember


@dataclass(frozen=True)
class Merge:
    """One label read as somebody whom other labels name too."""

    label: str  # folded
    name: str  # canonical
    reason: str  # "manifest", "spelling", "title", "first name", "last name", "near"
    into: str  # the folded label that absorbs it
    episodes: tuple[str, ...] = ()  # where it holds; () = everywhere


@dataclass(frozen=True)
class Plan:
    """Whom the statistics make of the labels that the cast doesn't know."""

    people: tuple[CastMember, ...] = ()  # not in the cast
    merges: tuple[Merge, ...] = ()
    names: tuple[tuple[str, str, tuple[str, ...]], ...] = ()  # folded label, whose own it is, where (() = everywhere)
    roles: frozenset[str] = frozenset()  # folded labels of roles, each local to its episode
    doubtful: tuple[tuple[str, str], ...] = ()  # near one another, both frequent: left apart
    strangers: frozenset[tuple[str, str]] = frozenset()  # folded label, episode: not whom the cast calls so
    _merges: dict[str, list[Merge]] = field(init=False, repr=False, compare=False)
    _names: dict[str, list[tuple[str, tuple[str, ...]]]] = field(init=False, repr=False, compare=False)

    def find(self, key: str, episode: str) -> tuple[str, str] | None:
        """(canonical name, reason) of a folded label in an episode."""
        for merge in self._merges.get(key, ()):
            if not merge.episodes or episode in merge.episodes:
                return merge.name, merge.reason
        name = next((n for n, where in self._names.get(key, ()) if not where or episode in where), None)
        return (name, "statistics") if name else None

    def overruled(self, key: str, episode: str) -> tuple[str, str] | None:
        """(canonical name, "manifest") where the manifest's `[merge]` says so."""
        found = self.find(key, episode)
        return found if found and found[1] == "manifest" else None

    def is_stranger(self, key: str, episode: str) -> bool:
        """Is it somebody else than the member of the cast whom it would name?"""
        return (key, episode) in self.strangers

    def is_role(self, key: str) -> bool:
        """Is it a role, cast anew in every episode?"""
        return key in self.roles

    def __post_init__(self) -> None:
        merges: dict[str, list[Merge]] = {}
        for merge in self.merges:
            merges.setdefault(merge.label, []).append(merge)
        names: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for key, name, where in self.names:
            names.setdefault(key, []).append((name, where))
        object.__setattr__(self, "_merges", merges)
        object.__setattr__(self, "_names", names)
