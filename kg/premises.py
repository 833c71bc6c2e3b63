"""What a question takes for granted beyond its noun phrases: that one had a child with somebody, that one is a nurse.

"How old is the baby you had with Emily?" presumes a child of both, "Do you like working as a nurse?" a trade. Each
gives an `Ask` of the form "presupposed", so that what is not so can be put right.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from kg.frames import Frame
from kg.nouns import alternatives, lexicon
from kg.relations import relations
from kg.types import Ask

WITH = "with "  # `Ask.kind` of a child together with somebody, and the node id of that one
_CHILD = "parent_of"
_SUPPOSED = frozenset({"would", "could", "should", "might", "will", "can"})


@cache
def _had() -> re.Pattern[str]:
    """As in "the little girl §1 have with §2", "a son with §2"."""
    nouns = alternatives([word for word, meanings in lexicon().items() if meanings[0].relation == _CHILD])
    return re.compile(
        rf"\b(?:the|a|an|that|any|have)\s(?:\w+\s)?(?P<noun>{nouns}|girl|boy)\s(?:that\s)?"
        r"(?:(?P<s>§\d+)\s(?:have\s)?(?:have|get|got|raise|made?|make)\s)?(?:together\s)?(?:with|by)\s(?P<o>§\d+)"
    )


@cache
def _trade() -> re.Pattern[str]:
    """As in "working as a nurse", "since you became a doctor"."""
    return re.compile(
        r"\b(?:work|works|worked|working|start|started|train|trained|training|become|became|becoming|being|life|job"
        rf"|career|years|time)\s(?:out\s)?(?:as\s)?(?:an?\s)(?P<job>{alternatives(list(relations()['job'].words))})\b"
        r"(?!\s(?!and\b|or\b|in\b|at\b|for\b|before\b|after\b|when\b)[a-z])"  # "a doctor friend" is no trade
    )


def presumed(frame: Frame, denoted: Callable[[int], Sequence[str]], persona: str) -> Iterator[Ask]:
    """The `Ask`s of what a clause presumes. `denoted`: index of a phrase -> the node ids it denotes."""
    yield from _child_of_both(frame, denoted, persona)
    yield from _trades(frame, denoted)


def _child_of_both(frame: Frame, denoted: Callable[[int], Sequence[str]], persona: str) -> Iterator[Ask]:
    match = _had().search(frame.text)
    if match is None:
        return
    subjects = denoted(int(match["s"][1:])) if match["s"] else [n for i in frame.subjects for n in denoted(i)]
    others = denoted(int(match["o"][1:]))
    subject = next(iter(subjects), persona)
    if not others or others[0] == subject:
        return
    gender = {"girl": "female", "boy": "male"}.get(match["noun"]) or lexicon()[match["noun"]][0].gender
    form = "presupposed" if match["s"] or not frame.question or frame.wh else "polar"
    yield Ask(_CHILD, subject, None, gender=gender, form=form, ever=True, kind=WITH + others[0], text=frame.text)


def _trades(frame: Frame, denoted: Callable[[int], Sequence[str]]) -> Iterator[Ask]:
    match = _trade().search(frame.text)
    if match is None or frame.aux in _SUPPOSED:
        return
    for subject in [n for i in frame.subjects for n in denoted(i)][:1]:
        yield Ask("job", subject, match["job"], form="presupposed", asked="time", ever=True, text=frame.text)
