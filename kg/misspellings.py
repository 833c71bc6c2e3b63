"""Misspelt names: which known names lie within a few edits of a word, in time that doesn't grow with their number.

Symmetric deletion (Garbe, 2012, SymSpell): two words within d edits have a common form after at most d deletions in
each, transpositions included. The forms of all names stand in one table; a look-up makes the word's own forms and
checks the few names found by their optimal-string-alignment distance (Boytsov, 2011), counted by rapidfuzz.
"""

from collections.abc import Iterable
from itertools import combinations

from rapidfuzz.distance import OSA

LEAST = 5  # letters of a name that can be misspelt
_LONG = 8  # letters from which two edits are forgiven


class Misspellings:
    """The names of one graph, looked up by words that are nearly they.

    Parameters
    ----------
    names: folded single words; those under `LEAST` letters are left out.

    """

    def __init__(self, names: Iterable[str]) -> None:
        self._forms: dict[str, str | tuple[str, ...]] = {}
        for name in sorted({n for n in names if n.isalpha() and len(n) >= LEAST}):
            for form in _forms(name):
                there = self._forms.get(form)
                if there is None:
                    self._forms[form] = name
                else:
                    self._forms[form] = (*there, name) if isinstance(there, tuple) else (there, name)

    def nearest(self, word: str) -> str | None:
        """The known name that a message's word is a misspelling of; None where none is near enough.

        One edit is forgiven, two between long words; a word in lower case must also begin like the name. Of several
        names the nearest wins, then the first by alphabet.
        """
        folded = word.lower()
        near: list[tuple[int, str]] = []
        for name in {n for form in _forms(folded) for n in self._named(form)}:
            allowed = _allowed(word, name)
            distance = OSA.distance(folded, name, score_cutoff=allowed)
            if distance <= allowed:
                near.append((distance, name))
        return min(near)[1] if near else None

    def _named(self, form: str) -> tuple[str, ...]:
        there = self._forms.get(form, ())
        return (there,) if isinstance(there, str) else there


def _forms(word: str) -> set[str]:
    """The word and what is left of it after one deletion; after two, of a long one."""
    found = {word}
    for count in (1, 2) if len(word) >= _LONG else (1,):
        for places in combinations(range(len(word)), count):
            found.add("".join(c for i, c in enumerate(word) if i not in places))
    return found


def _allowed(word: str, name: str) -> int:
    """How many edits a misspelling may be away."""
    if not word[0].isupper():
        return int(word[0] == name[0] and len(word) >= LEAST + 1)
    return 2 if len(name) >= _LONG and len(word) >= _LONG else 1
