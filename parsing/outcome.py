"""From decided merges to a plan: who is a person of the show, under what name, and in which episodes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from parsing.guests import guests
from parsing.labels import Labels, display, written
from parsing.manifest import CastMember, Show
from parsing.plan import Merge, Plan
from parsing.voices import fold

PERSON = 3  # lines that make a label a person of the show
Names = dict[str, list[tuple[str, tuple[str, ...]]]]  # folded label -> [(name, episodes; () = everywhere)]


@dataclass(frozen=True)
class Decided:
    """What the rules of merging.py made of the labels."""

    merges: Mapping[str, Sequence[Merge]]  # folded label -> whose it is
    free: Sequence[str]  # labels that are names and not the cast's
    known: Mapping[str, str]  # label -> member of the cast
    told: Mapping[str, str]  # label -> the name that the manifest's `[merge]` writes
    person: Callable[[str], str | None]  # the cast's name for a label that nobody bears


class Outcome:
    """Names the people and the merges of one show."""

    def __init__(self, show: Show, labels: Labels, decided: Decided) -> None:
        self.show, self.labels, self.decided = show, labels, decided
        self.keep = {fold(label): kind for label, kind in show.keep.items()}

    def plan(self, roles: frozenset[str], doubtful: Sequence[tuple[str, str]]) -> Plan:
        """The plan; its `strangers` are set by the caller."""
        people = self._people()
        merges = tuple(m for key in sorted(self.decided.merges) for m in self._named(key, people))
        names = tuple((key, name, where) for key in sorted(people) for name, where in people[key])
        return Plan(self._members(people, merges), merges, names, roles, tuple(doubtful))

    def _people(self) -> Names:
        """The labels with enough lines, those merged into them counted in; a common name once for each run."""
        words = written(self.labels.texts)
        taken = {m.name for m in self.show.cast}
        result: Names = {}
        for key in self.decided.free:
            if any(not m.episodes for m in self.decided.merges.get(key, ())):
                continue
            name = display(self.labels.by_key[key], self.labels, words)
            name = self.decided.told.get(key, f"{name} (2)" if name in taken else name)
            own = self._own(key)
            kept = self.keep.get(key) == "person" or key in self.decided.told
            found = [
                (f"{name} ({where[0]})" if where else name, where)
                for where in ([()] if kept else guests(key, own, self.labels))
                if kept or sum(n for e, n in own.items() if not where or e in where) >= PERSON
            ]
            if found:
                result[key] = found
        return result

    def _own(self, key: str) -> dict[str, int]:
        """Episode -> lines of a label and of those that are merged into it."""
        own = dict(self.labels.by_key[key].episodes)
        for label, found in self.decided.merges.items():
            for merge in found:
                if label in self.labels.by_key and self._root(merge) == key:
                    for episode, lines in self.labels.by_key[label].episodes.items():
                        if not merge.episodes or episode in merge.episodes:
                            own[episode] = own.get(episode, 0) + lines
        return own

    def _root(self, merge: Merge) -> str:
        """The label that absorbs it in the end: the one that absorbs it may itself be absorbed."""
        for _ in range(len(self.decided.merges)):
            more = self.decided.merges.get(merge.into, ())
            onward = [m for m in more if not m.episodes or m.episodes == merge.episodes]
            if not onward:
                break
            merge = onward[0]
        return merge.into

    def _named(self, key: str, people: Names) -> list[Merge]:
        """The merges of a label with the names of those who absorb it, one for each person of that name."""
        result: list[Merge] = []
        for merge in self.decided.merges[key] if key in self.labels.by_key else ():
            root = self._root(merge)
            known = self.decided.known.get(root) or self.decided.person(root) or self.decided.told.get(root)
            for name, where in people.get(root) or ([(known, ())] if known else []):
                both = tuple(e for e in merge.episodes or where if not where or e in where)
                if both or not where:
                    result.append(Merge(key, name, merge.reason, merge.into, both))
        return result

    def _members(self, people: Names, merges: Sequence[Merge]) -> tuple[CastMember, ...]:
        cast = {m.name for m in self.show.cast}
        where: dict[str, set[str]] = {}
        for key, found in people.items():
            for name, episodes in found:
                where.setdefault(name, set()).update(episodes or self.labels.episodes(key))
        for merge in merges:
            if merge.name not in cast:
                where.setdefault(merge.name, set()).update(merge.episodes or self.labels.episodes(merge.label))
        return tuple(_member(name, sorted(e)) for name, e in sorted(where.items()))


def _member(name: str, episodes: Sequence[str]) -> CastMember:
    """`John (S03E16)` is called John there."""
    bare = name.removesuffix(f" ({episodes[0]})") if episodes else name
    return CastMember(name, slug=name, aliases=() if bare == name else (bare,), episodes=tuple(episodes))
