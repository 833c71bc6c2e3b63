"""Names from statistics: which labels are people of their own, which are another spelling of one, and why.

Only where a manifest asks for it (`speakers = "statistics"`). Rules, surest first, the first that fits counts:
`[merge]` and `[keep]` of the manifest; another spelling (spaces, article, title's short form); a title before a known
name; first or last name of one full name; a rare label near a frequent one. Two labels that answer each other are two
people and are never merged by rule; nor are, by nearness, two frequent ones.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from rapidfuzz.distance import DamerauLevenshtein

from parsing.guests import strangers
from parsing.labels import Labels, by_squash, collect, squash
from parsing.manifest import Show
from parsing.outcome import Decided, Outcome
from parsing.plan import Merge, Plan
from parsing.readers import Block
from parsing.roles import FEMALE, MALE, Roles, short_title, untitled
from parsing.speakers import Speakers, joint_parts
from parsing.voices import fold

SHORT_CAST, LONG_SHOW = 60, 2000  # people below and lines from which on a show is read with statistics by default
FREQUENT = 5  # lines of a label that is no misspelling of another, and which others may be misspellings of
_TIMES = 4  # a label absorbs a near one that has at most a quarter of its lines


def plan_for(show: Show, episodes: Mapping[str, Sequence[Block]]) -> Plan | None:
    """The plan of a show whose manifest asks for statistics, or, where it doesn't say, has a short cast; else None."""
    speech = sum(block.kind == "speech" for blocks in episodes.values() for block in blocks)
    if show.speakers == "cast" or (not show.speakers and (len(show.cast) >= SHORT_CAST or speech < LONG_SHOW)):
        return None
    return plan(show, collect(episodes))


def plan(show: Show, labels: Labels) -> Plan:
    """Decide on every label of a show."""
    return _Planner(show, labels).plan()


class _Planner:
    def __init__(self, show: Show, labels: Labels) -> None:
        self.show, self.labels = show, labels
        self.cast = Speakers(show)
        self.roles = Roles(labels.texts)
        self.gender = {m.name: m.gender for m in show.cast}
        self.keep = {fold(k): v for k, v in show.keep.items()}
        self.merges: dict[str, list[Merge]] = {}
        self.known = {key: name for key in labels.by_key if (name := self._cast_name(key))}
        self.told: dict[str, str] = {}  # folded -> names as `[merge]` writes them
        self.words: set[str] = set()  # of frequent labels
        self.full: dict[str, set[str]] = {}  # first or last word -> folded full names

    def plan(self) -> Plan:
        self._by_manifest()
        self.free = [key for key in sorted(self.labels.by_key) if self._is_name(key)]
        for rule in (self._by_spelling, self._by_title, self._by_part_of_a_name, self._by_nearness):
            rule()
        return self._result()

    def _cast_name(self, key: str) -> str | None:
        names = [self.cast.person(key, e) for e in sorted(self.labels.by_key[key].episodes)]
        return next((n for n in names if n), None)

    def _is_name(self, key: str) -> bool:
        if key in self.known or key in self.merges or self.keep.get(key) == "role":
            return False
        if self.keep.get(key) == "person":
            return True
        label = max(self.labels.by_key[key].forms, key=len)
        if self.cast.read_as_crowd(label) or len(joint_parts(label)) > 1:
            return False
        return not self.roles.is_role(key)

    def _merge(self, key: str, into: str, reason: str, episodes: Iterable[str] = ()) -> None:
        """`into` is a folded label, or a name of the cast that no label bears."""
        self.merges.setdefault(key, []).append(Merge(key, "", reason, into, tuple(sorted(episodes))))

    def _open(self) -> list[str]:
        return [k for k in self.free if k not in self.merges and k not in self.keep]

    def _by_manifest(self) -> None:
        for label, name in self.show.merge.items():
            self._merge(fold(label), fold(name), "manifest")
            self.told.setdefault(fold(name), name)

    def _by_spelling(self) -> None:
        for keys in by_squash([*self.free, *self.known]).values():
            best = max(keys, key=lambda k: (k in self.known, self.labels.lines(k), k))
            for key in keys:
                if key != best and key in self._open() and not self._apart(key, best) and self._alike(key, best):
                    self._merge(key, best, "spelling")

    def _alike(self, key: str, best: str) -> bool:
        """`Aquatic 2` is `Aquatic2` in one episode and may be another in the next."""
        return not _digits(key) or bool(self.labels.episodes(key) & self.labels.episodes(best))

    def _by_title(self) -> None:
        bearers: dict[str, list[str]] = {}
        for key in self.free:
            title, rest = untitled(key)
            if title not in {"", "lady"} and not self.roles.is_role(rest):
                bearers.setdefault(rest, []).append(key)
        for rest, keys in sorted(bearers.items()):
            titles = {untitled(k)[0] for k in keys}
            both = bool(titles & FEMALE) and bool(titles & MALE)
            if (rest not in self.known and rest not in self.free) or both:
                continue
            for key in keys:
                big, small = (rest, key) if self._rank(rest) >= self._rank(key) else (key, rest)
                if big == rest not in self.known and untitled(key)[0] in FEMALE | MALE:
                    continue  # who is mostly called Tweek isn't Mr. Tweek
                if small in self._open() and self._fits(untitled(key)[0], rest) and self._meet(small, big):
                    self._merge(small, big, "title")

    def _rank(self, key: str) -> tuple[bool, int]:
        return key in self.known, self.labels.lines(key)

    def _fits(self, title: str, rest: str) -> bool:
        """Mrs. O'Brien isn't Miles, though he is called O'Brien; a short name alone bears no Mr. or Mrs."""
        gender = self.gender.get(self.known.get(rest, ""), "")
        wrong = {"male": FEMALE, "female": MALE}.get(gender, frozenset())
        return title not in wrong

    def _meet(self, key: str, other: str) -> bool:
        """Do both speak in an episode (whom the cast knows, anywhere), never one after the other in a scene?"""
        both = other in self.known or self.labels.episodes(key) & self._where(other)
        return bool(both) and not self._apart(key, other)

    def _where(self, key: str) -> set[str]:
        name = self.known.get(key)
        keys = [k for k, n in self.known.items() if n == name] if name else [key]
        return {e for k in keys for e in self.labels.episodes(k)}

    def _apart(self, key: str, other: str, episodes: set[str] | None = None) -> bool:
        """Does `key` answer `other`, or any label of the same member of the cast?"""
        name = self.known.get(other)
        keys = [k for k, n in self.known.items() if n == name] if name else [other]
        keys += [m.label for ms in self.merges.values() for m in ms if m.into == other]
        return any(self.labels.answering(key, k, episodes) for k in keys)

    def _by_part_of_a_name(self) -> None:
        for name in [k for k in self.free if k not in self.merges]:
            words = untitled(name)[1].split()
            if len(words) == 2 and self._is_full_name(name, words):
                for word in words:
                    self.full.setdefault(word, set()).add(name)
        for key in self._open():
            for name in sorted(self.full.get(key, ())):
                self._part_of(key, name)

    def _is_full_name(self, name: str, words: Sequence[str]) -> bool:
        """`bob vance`; not `kyle two`, `data-eli`, `clyde frog`, `keiko jr`."""
        form = max(self.labels.by_key[name].forms, key=len)
        odd = any(self.roles.is_common(w) or self.roles.is_mark(w) for w in words)
        return "-" not in form and not odd and all(self.roles.is_called(w) for w in words)

    def _part_of(self, key: str, name: str) -> None:
        """Merge a first or last name where no other full name of the show, or of the episode, has it.

        It holds in the episodes in which both speak, where these have most of the label's lines.
        """
        rivals = self.full[key] - {name}
        here = self.labels.episodes(key)
        if self.roles.is_called(key.removesuffix("s")) and key.endswith("s"):
            return  # a people, not a person: `canadians`
        shared = here & self.labels.episodes(name) - {e for r in rivals for e in self.labels.episodes(r)}
        if not shared or self._apart(key, name):
            return
        if 2 * sum(self.labels.by_key[key].episodes[e] for e in shared) < self.labels.lines(key):
            return  # somebody of that name speaks elsewhere more often
        reason = "first name" if untitled(name)[1].split()[0] == key else "last name"
        self._merge(key, name, reason, shared)

    def _by_nearness(self) -> None:
        self.words = {w for k in self.labels.by_key if self._weight(k) >= FREQUENT for w in k.split()}
        strong = [k for k in (*self.free, *self.known) if self._weight(k) >= FREQUENT and k not in self.merges]
        for key in self._open():
            lines = self.labels.lines(key)
            if lines >= FREQUENT or any(m.into == key for ms in self.merges.values() for m in ms):
                continue
            if any(self.roles.is_called(w) for w in key.split() if w not in self.words):
                continue
            near = [(d, k) for k in strong if (d := slips(key, k)) is not None and k != key]
            near = [(d, k) for d, k in near if self._weight(k) >= _TIMES * lines and self._same_place(key, k)]
            best = min((d for d, _ in near), default=0)
            people = {self.known.get(k, k) for d, k in near if d == best}
            if len(people) == 1:
                self._merge(key, max((self._weight(k), k) for d, k in near if d == best)[1], "near")

    def _same_place(self, key: str, other: str) -> bool:
        """Both in its episodes; one slip in a long label, or in a name of the cast, may be the episode's only form."""
        abroad = other in self.known and not all(self.cast.person(other, e) for e in self.labels.episodes(key))
        if abroad or self._apart(key, other):
            return False  # a guest of one season is no misspelt guest of another
        if self.labels.episodes(key) <= self._where(other):
            return True
        sure = len(other) >= 6 and (other in self.known or (len(other) >= 7 and self._weight(other) > self._far(key)))
        return sure and slips(key, other) == 1

    def _far(self, key: str) -> int:
        return 10 * self.labels.lines(key)

    def _weight(self, key: str) -> int:
        return self.labels.lines(key)

    def _result(self) -> Plan:
        decided = Decided(self.merges, self.free, self.known, self.told, lambda key: self.cast.person(key, ""))
        made = Outcome(self.show, self.labels, decided).plan(self._roles(), self._doubtful())
        short = {key: name for key, name in self.known.items() if self.cast.is_short(key)}
        return replace(made, strangers=strangers(self.labels, short, self.known))

    def _roles(self) -> frozenset[str]:
        rest = set(self.labels.by_key) - set(self.known) - set(self.merges) - set(self.free)
        return frozenset(rest)

    def _doubtful(self) -> tuple[tuple[str, str], ...]:
        strong = [k for k in (*self.free, *self.known) if k not in self.merges and self.labels.lines(k) >= FREQUENT]
        initials = {k: squash(untitled(k)[1])[:1] for k in strong}  # different ones are no slip
        pairs = (
            (a, b)
            for i, a in enumerate(strong)
            for b in strong[i + 1 :]
            if initials[a] == initials[b] and self.known.get(a, a) != self.known.get(b, b)
        )
        return tuple((a, b) for a, b in pairs if slips(a, b) is not None and not self.labels.answering(a, b))


def slips(key: str, other: str) -> int | None:
    """The letters wrongly put, left out or swapped between two labels; None where they are too many for their length.

    None in up to three letters, one in up to seven, two beyond. Titles, the number of words, the first letter and
    all digits are the same, and more than a plural's S is different.
    """
    (title, one), (title_too, two) = untitled(key), untitled(other)
    if (
        short_title(title) != short_title(title_too)
        or one.count(" ") != two.count(" ")
        or two in {one, one + "s"}
        or one == two + "s"
    ):
        return None
    one, two = squash(one), squash(two)
    length = min(len(one), len(two))
    allowed = 0 if length < 4 else 1 if length < 8 else 2
    if not one or not two or one[0] != two[0] or _digits(one) != _digits(two):
        return None
    distance = DamerauLevenshtein.distance(one, two, score_cutoff=allowed)
    return distance if 0 < distance <= allowed else None


def _digits(text: str) -> list[str]:
    return [c for c in text if c.isdigit()]
