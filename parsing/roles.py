"""Is a cue label somebody's name, or a role (`GUARD`, `MAN #2`, `WOMAN'S VOICE`) that every episode casts anew?"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

_WORDS = tomllib.loads(Path(__file__).with_name("roles.toml").read_text(encoding="utf-8"))
FEMALE, MALE = frozenset(_WORDS["female"].split()), frozenset(_WORDS["male"].split())
_SHORT: dict[str, str] = _WORDS["short"]
TITLES = FEMALE | MALE | set(_SHORT) | set(_SHORT.values()) | set(_WORDS["ranks"].split())
_NAMES = tomllib.loads(Path(__file__).with_name("common_names.toml").read_text(encoding="utf-8"))
GIVEN, SURNAMES = frozenset(_NAMES["given"].split()), frozenset(_NAMES["surnames"].split())  # that many people bear
_ROLES = frozenset(_WORDS["roles"].split())
_MARK = r"\d+|[ivx]+|one|two|three|four|five|six|[a-z]"
_LESS = re.compile(rf"(?:^(?:the|an?|another|first|second|third) (?=.))|(?:(?<=.) (?:{_MARK})$)")
_KIN = re.compile(  # `Haru's mother` is one person, as much as Haru is
    r"(?P<whose>.+?)s (?:mother|mom|father|dad|parents|wife|husband|brother|sister|son|daughter|girlfriend|boyfriend|"
    r"grand(?:ma|pa|mother|father)|aunt|uncle|boss|assistant)"
)
_WHERE = re.compile(r"^(?P<head>.+?) (?:with|in|at|of|from|on|behind|near|by) .+$")
_WORD = re.compile(r"(?<=[a-zа-яё,;] )[^\W\d_][\w']*")
_ARTICLE = re.compile(r"\b[Aa]n? ([A-Z][a-z']+)\b")
_PEOPLE, _SHARE = 3, 0.04  # times that `a` stands before a people's name, and of how often it is said
_LETTERS = 2  # of a name at least
_TWICE = 2  # a word is a common noun where it stands so often, and so many times as often, with a small letter


def count_words(texts: Iterable[str]) -> tuple[Counter[str], Counter[str]]:
    """How often each word stands inside a sentence with a small and with a capital letter."""
    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for word, times in Counter(word for text in texts for word in _WORD.findall(text)).items():
        plain = word.removesuffix("'s").replace("'", "")
        (small if word[0].islower() else capital)[plain.casefold()] += times
    return small, capital


def short_title(word: str) -> str:
    """`dr` for `doctor`; any other word as it is."""
    return _SHORT.get(word, word)


@lru_cache(maxsize=2**14)
def untitled(key: str) -> tuple[str, str]:
    """(title, rest) of a folded label; the title is empty where none stands before a name."""
    first, _, rest = key.partition(" ")
    return (first, rest) if rest and first in TITLES else ("", key)


class Roles:
    """Tells roles from names: by a list of roles, and by how the show's own people use the word."""

    def __init__(self, texts: Iterable[str]) -> None:
        every = list(texts)
        self._small, self._capital = count_words(every)
        self._article = Counter(m.casefold() for text in every for m in _ARTICLE.findall(text))  # words after a, an

    def is_common(self, word: str) -> bool:
        """Is this a common noun, by the list or because the speech writes it with a small letter?"""
        small = self._small[word]
        return word in _ROLES or (small >= _TWICE and small >= _TWICE * self._capital[word]) or self.is_people(word)

    def is_people(self, word: str) -> bool:
        """Is this one of a people (`Klingon`, `Canadians`), because the speech says `a Klingon` and `Klingons`?"""
        one = word.removesuffix("s")
        named = self._capital[one]
        return one not in GIVEN and self._article[one] >= max(_PEOPLE, _SHARE * named) and self._capital[f"{one}s"] > 0

    def is_called(self, word: str) -> bool:
        """Does the speech call somebody so? A slip of a cue is nobody's name."""
        return self._capital[word] > 0

    def is_mark(self, word: str) -> bool:
        """Does this word only count people of one name (`2`, `two`, `jr`)?"""
        return re.fullmatch(rf"{_MARK}|jr|sr|junior|senior", word) is not None

    def _is_given(self, head: str) -> bool:
        """A common given name that the speech uses as one (`will`, `joy`), or one before a surname (`larry king`)."""
        words = head.split()
        if not words or words[0] not in GIVEN or words[0] in _ROLES or words[0] in TITLES:
            return False
        return self.is_called(words[0]) if len(words) == 1 else len(words) == 2 and words[1] in SURNAMES

    def is_role(self, key: str) -> bool:
        """Is this folded label a role? `field reporter`, `man 2`, `girl in pink`; not `officer barbrady`, `riker 2`."""
        if (kin := _KIN.fullmatch(key)) and not self.is_common(kin["whose"].split()[-1]):
            return False
        previous, head = "", _WHERE.sub(r"\g<head>", key)
        while previous != head:
            previous, head = head, _LESS.sub("", head)
        title, rest = untitled(head)
        if title:
            return rest.split()[-1] in _ROLES and title not in FEMALE | MALE | {"dr"}
        if self._is_given(head):
            return False
        last = head.split()[-1] if head.split() else ""
        return self.is_common(last) or (last in TITLES and " " not in head) or sum(c.isalpha() for c in head) < _LETTERS
