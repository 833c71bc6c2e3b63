"""What a reply says: a statement, and how short answers ("Monica.", "No.") are read with the question they answer."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kg.frames import Frame
from kg.phrases import Phrase
from kg.questions import Reader
from kg.relations import relations
from kg.types import Ask

_OPENER = r"^\W*(?:(?:oh|well|um|uh|hey|ah|hmm)\W+)*"
_YES = re.compile(
    _OPENER + r"(?:yes|yeah|yep|yup|sure|of course|absolutely|definitely|totally|certainly|right|you bet|i do|i am"
    r"|i sure (?:do|am)|indeed|correct|that's right)\b(?! not)",
    re.IGNORECASE,
)
_NO = re.compile(
    _OPENER + r"(?:no|nope|nah|never|not (?:really|at all|yet|anymore|any more)|of course not|i don't|i do not|i'm not"
    r"|i am not|absolutely not)\b(?! (?:idea|clue|one knows|problem|wonder|doubt))",
    re.IGNORECASE,
)
_NOBODY = re.compile(r"^\W*(?:nobody|no one|none|nothing|nowhere)\b", re.IGNORECASE)
_DONT_KNOW = re.compile(
    r"\b(?:don't know|do not know|no idea|no clue|not sure|can't (?:say|tell|remember)|couldn't tell)\b", re.IGNORECASE
)
_FRAGMENT = 6  # words of a clause that can be a short answer


@dataclass(frozen=True)
class Said:
    """One statement of a reply. `object`: node id, literal, a name the graph doesn't have, or "" (some or none)."""

    subject: str
    relation: str
    object: str = ""
    polarity: bool = True
    gender: str = ""
    past: bool = False
    count: int | None = None  # "I have two sisters"
    kind: str = ""  # kind of an event
    text: str = field(default="", compare=False)


def plainly_named(phrase: Phrase) -> bool:
    """Is the phrase a name or a pronoun alone?"""
    return bool(phrase.nodes) and not phrase.steps and not phrase.attribute


def short_answer(reader: Reader, frame: Frame, ask: Sequence[Ask], reply: str) -> Iterator[Said]:
    """A short answer: "Monica.", "A chef.", "In New York.", "Nobody."."""
    asked = next((a for a in ask if a.form == "wh" and a.relation in relations() and a.subject), None)
    if asked is None or _DONT_KNOW.search(reply):
        return
    if _NOBODY.match(reply):
        yield Said(asked.subject, asked.relation, "", False, asked.gender, text=frame.text)
        return
    if (
        len(frame.text.split()) > _FRAGMENT
        or re.search(r"\b(?:be|do|have|will)\b", frame.text)
        or asked.asked != "object"
    ):
        return
    relation = relations()[asked.relation]
    for index in frame.phrases:
        phrase = reader.phrases[index]
        if plainly_named(phrase) and phrase.nodes != (reader.persona,) and not relation.literal:
            yield _answering(asked, phrase.nodes[0], frame)
    if relation.words:
        for word in relation.words:
            if re.search(rf"\b{re.escape(word)}\b", frame.text):
                yield _answering(asked, word, frame)
                return
    elif "number" in relation.range and (number := re.fullmatch(r"\W*(\d{1,3})\b.*", frame.text)):
        yield _answering(asked, number[1], frame)
    elif (
        not frame.phrases
        and not relation.literal
        and (name := re.match(r"\W*([A-Z][\w'-]+(?: [A-Z][\w'-]+)*)\W*(?:$|[.!,])", reply))
    ):
        yield _answering(asked, name[1], frame)


def _answering(ask: Ask, object_: str, frame: Frame) -> Said:
    return Said(
        ask.subject, ask.relation, object_, not frame.negated, ask.gender, ask.past or ask.ever, text=frame.text
    )


def yes_or_no(reply: str, ask: Sequence[Ask]) -> Iterator[Said]:
    """What "Yes" or "No" says to a yes/no question."""
    asked = next((a for a in ask if a.form == "polar" and a.subject and a.relation), None)
    if asked is None or _DONT_KNOW.search(reply):
        return
    yes, no = _YES.match(reply), _NO.match(reply)
    if yes or no:
        past = asked.past or asked.ever
        yield Said(
            asked.subject,
            asked.relation,
            asked.object or "",
            bool(yes),
            asked.gender,
            past,
            kind=asked.kind,
            text=reply[:40],
        )
