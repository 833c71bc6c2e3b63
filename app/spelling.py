"""Slips of the typing hand in the words a question is understood by: "are you alergic to anything?".

Only a word that is no English word is changed, and only into one of the relations table that is one edit away. Names
are the linker's business.
"""

import re
from functools import cache

from rapidfuzz.distance import OSA

from kg.english import is_english

_WORD = re.compile(r"(?<![\w'’-])[a-z]{5,}(?![\w'’-])")


def respelt(message: str) -> str:
    """The message as it was probably meant; another word in its place has another length, so offsets move."""
    return _possessives().sub(r"\1's ", _WORD.sub(lambda match: _meant(match[0]), message))


@cache
def _possessives() -> re.Pattern[str]:
    """A possessive without its mark: "your sisters name"."""
    from kg.nouns import NAME_NOUNS, alternatives, lexicon
    from kg.relations import relations

    kin = {w for w, found in lexicon().items() if "person" in relations()[found[0].relation].range and w[-1] != "s"}
    owned = {word for word in lexicon() if word[-1] != "s"} | NAME_NOUNS
    return re.compile(rf"\b({alternatives(kin)})s (?=(?:{alternatives(owned)})\b)", re.IGNORECASE)


@cache
def _meant(word: str) -> str:
    if word in _vocabulary() or is_english(word):
        return word
    near = [w for w in _vocabulary() if w[0] == word[0] and abs(len(w) - len(word)) <= 1]
    near = [w for w in near if OSA.distance(word, w, score_cutoff=1) <= 1]
    return near[0] if len(near) == 1 else word


@cache
def _vocabulary() -> frozenset[str]:
    """The words by which `kg.questions` knows the relations: "brother", "married", "allergic"."""
    from kg.relations import relations

    words: set[str] = set()
    for relation in relations().values():
        for group in (*relation.nouns.values(), *relation.agent_nouns.values()):
            words |= {word for phrase in group for word in phrase.split()}
        for pattern in (*relation.verbs, *relation.former_verbs, *relation.not_verbs):
            words |= set(re.findall(r"(?<![\\{\w])[a-z]{5,}(?![\w?*+])", pattern))
    return frozenset(word for word in words if len(word) >= 5 and word.isalpha())
