"""Who appears when, and with whom: what the dates of facts stand on."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from kg.extract.mentions import Line

LATER = 24  # episodes before somebody's first appearance in which the name means another
_EARLY = 2  # episodes into the series in which everything said has been so before
_LONG = 48  # episodes of a series in which a main character's life is told more than once


class Calendar:
    """Who appears when, and with whom: what dates of facts stand on."""

    def __init__(
        self,
        lines: Iterable[Line],
        episodes: Sequence[str],
        named: Mapping[str, Sequence[str]],
        personas: Collection[str],
    ) -> None:
        self.named = named  # node id -> the episodes in which it is there or spoken of
        self.personas = frozenset(personas)
        self.episodes = list(episodes)
        self._index = {e: i for i, e in enumerate(self.episodes)}
        self.first: dict[str, str] = {}
        self.last: dict[str, str] = {}
        self.there: dict[str, set[str]] = defaultdict(set)  # node id -> the episodes in which it appears
        self._together: dict[frozenset[str], str] = {}
        seen: dict[tuple[str, str], set[str]] = defaultdict(set)
        for line in lines:
            seen[(line.episode, line.place)] |= {p for p in (line.speaker, *line.present) if p}
        for (episode, _), people in sorted(seen.items()):
            for who in people:
                self.first.setdefault(who, episode)
                self.last[who] = episode
                self.there[who].add(episode)
                for other in people:
                    if who < other:
                        self._together[frozenset((who, other))] = episode

    @property
    def long(self) -> bool:
        """Is what holds of a main character said again and again, so that what is said once may well be a joke?"""
        return len(self.episodes) >= _LONG

    def after(self, episode: str) -> str | None:
        """The episode that follows; None after the last."""
        position = self._index.get(episode, len(self.episodes)) + 1
        return self.episodes[position] if position < len(self.episodes) else None

    def born(self, child: str, revealed: str) -> str:
        """When a main character's child was born: when it is first spoken of, unless the series begins with it.

        After a season of silence the name is another's: the last stretch up to `revealed` counts.
        """
        first = last = ""
        for episode in (e for e in self.named.get(child, ()) if e <= revealed):
            if not first or self.apart(last, episode) > LATER:
                first = episode
            last = episode
        return "before" if not first or self.early(first) else first

    def apart(self, one: str, other: str) -> int:
        """How many episodes lie between."""
        return abs(self._index.get(one, 0) - self._index.get(other, 0))

    def early(self, episode: str) -> bool:
        """Is it one of the first episodes of the series?"""
        return self._index.get(episode, 0) < _EARLY

    def much_later(self, who: str, episode: str) -> bool:
        """Does somebody enter the show long after this episode?"""
        first = self.first.get(who)
        return first is not None and self._index.get(first, 0) - self._index.get(episode, 0) > LATER

    def last_together(self, pair: frozenset[str]) -> str:
        """The last episode in which the two share a scene, "" for none."""
        return self._together.get(pair, "")
