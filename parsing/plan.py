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
    names: tuple[tuple[str, str], ...] = ()  # folded label -> name of a person whose own label it is
    roles: frozenset[str] = frozenset()  # folded labels of roles, each local to its episode
    doubtful: tuple[tuple[str, str], ...] = ()  # near one another, both frequent: left apart
    _merges: dict[str, list[Merge]] = field(init=False, repr=False, compare=False)
    _names: dict[str, str] = field(init=False, repr=False, compare=False)

    def find(self, key: str, episode: str) -> tuple[str, str] | None:
        """(canonical name, reason) of a folded label in an episode."""
        for merge in self._merges.get(key, ()):
            if not merge.episodes or episode in merge.episodes:
                return merge.name, merge.reason
        name = self._names.get(key)
        return (name, "statistics") if name else None

    def overruled(self, key: str, episode: str) -> tuple[str, str] | None:
        """(canonical name, "manifest") where the manifest's `[merge]` says so."""
        found = self.find(key, episode)
        return found if found and found[1] == "manifest" else None

    def is_role(self, key: str) -> bool:
        """Is it a role, cast anew in every episode?"""
        return key in self.roles

    def __post_init__(self) -> None:
        merges: dict[str, list[Merge]] = {}
        for merge in self.merges:
            merges.setdefault(merge.label, []).append(merge)
        object.__setattr__(self, "_merges", merges)
        object.__setattr__(self, "_names", dict(self.names))
