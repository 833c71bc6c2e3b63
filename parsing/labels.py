"""What the cue labels of a show tell: how often each stands where, and which ones speak to each other."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from parsing.readers import Block
from parsing.roles import short_title
from parsing.voices import fold


@dataclass
class Label:
    """One folded label of a show."""

    forms: Counter[str] = field(default_factory=Counter)  # as it stands -> lines
    episodes: Counter[str] = field(default_factory=Counter)  # episode -> lines

    @property
    def lines(self) -> int:
        """Lines in the whole show."""
        return self.episodes.total()


@dataclass
class Labels:
    """All labels of a show."""

    by_key: dict[str, Label] = field(default_factory=dict)  # folded label -> what is known of it
    answers: dict[frozenset[str], Counter[str]] = field(default_factory=dict)  # two labels in turn -> episode -> times
    scenes: dict[str, list[frozenset[str]]] = field(default_factory=dict)  # episode -> the labels of each scene
    texts: list[str] = field(default_factory=list)  # all speech and directions

    def lines(self, key: str) -> int:
        """Lines of a label in the whole show."""
        return self.by_key[key].lines if key in self.by_key else 0

    def episodes(self, key: str) -> set[str]:
        """The episodes in which a label speaks."""
        return set(self.by_key[key].episodes) if key in self.by_key else set()

    def answering(self, one: str, other: str, episodes: set[str] | None = None) -> bool:
        """Does either speak right after the other, in any or in these episodes? Then they are two people."""
        seen = self.answers.get(frozenset({one, other}), Counter[str]())
        return any(episode in seen for episode in episodes) if episodes is not None else bool(seen)

    def together(self, one: str, other: str, episode: str) -> bool:
        """Do both speak in one scene of an episode?"""
        return any({one, other} <= scene for scene in self.scenes.get(episode, ()))


def collect(episodes: Mapping[str, Sequence[Block]]) -> Labels:
    """Count the labels of all speech that has words, episode by episode."""
    result = Labels()
    for episode, blocks in episodes.items():
        scenes: list[set[str]] = [set()]
        before, source = "", 0
        for block in blocks:
            if block.kind in {"speech", "direction", "scene"}:
                result.texts.append(block.text)
            if block.kind == "scene" or block.scene != source:
                before, source = "", block.scene
                scenes.append(set())
            if block.kind == "speech" and any(c.isalnum() for c in block.text):
                key = fold(block.label)
                label = result.by_key.setdefault(key, Label())
                label.forms[block.label] += 1
                label.episodes[episode] += 1
                scenes[-1].add(key)
                if before and before != key:
                    result.answers.setdefault(frozenset({before, key}), Counter())[episode] += 1
                before = key
        result.scenes[episode] = [frozenset(s) for s in scenes if s]
    return result


@lru_cache(maxsize=2**14)
def squash(key: str) -> str:
    """What two spellings of one label share: no spaces, no article, titles short. `theboulder` is `boulder`."""
    words = [short_title(w) for w in key.split()]
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    return "".join(words)


def by_squash(keys: Sequence[str]) -> dict[str, list[str]]:
    """The keys that are spellings of one another."""
    groups: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        groups[squash(key)].append(key)
    return groups


def display(label: Label, labels: Labels, words: Mapping[str, str]) -> str:
    """The name to show: the most frequent form; where cues are all capitals, as the speech writes its words."""
    form = max(label.forms, key=lambda f: (label.forms[f], f)).strip()
    if form != form.upper() or not any(c.isalpha() for c in form):
        return form
    return " ".join(words.get(fold(w), w.title().replace("'S", "'s")) for w in form.split())


def written(texts: Sequence[str]) -> dict[str, str]:
    """Folded word -> how the speech mostly writes it, among the capitalised ways."""
    import re

    seen: dict[str, Counter[str]] = defaultdict(Counter)
    capitalised = re.compile(r"\b[A-Z][\w']*[a-z][\w']*")
    for word, times in Counter(word for text in texts for word in capitalised.findall(text)).items():
        plain = word.removesuffix("'s").removesuffix("'")
        seen[fold(plain)][plain] += times
    return {key: forms.most_common(1)[0][0] for key, forms in seen.items()}
