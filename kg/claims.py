"""Claims: the statements a reply makes about the show, read off its clauses.

The same reading as for questions (`kg.frames`, `kg.cues`) with "I" and "my" as the speaker. Questions, wishes,
conditions and jokes make no claim. A short answer ("Monica.", "No.") is read with the question it answers.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from kg.clauses import DENIES
from kg.cues import noun_readings
from kg.frames import Frame, frames
from kg.graph import Graph
from kg.linking import Linker, strangers
from kg.phrases import Step, read_phrases
from kg.questions import Reader
from kg.relations import relations
from kg.said import Said, plainly_named, short_answer, yes_or_no
from kg.types import Ask, Mention

_ME = re.compile(r"\b(?:I|[Mm]e|[Mm]y|[Mm]ine|[Mm]yself)\b|\bi\b")
_PRONOUN = re.compile(r"\b(?:he|him|his|she|her)\b", re.IGNORECASE)
_NO_CLAIM = re.compile(
    r"\b(?:if|wish|hope|would|could|should|might|may|maybe|perhaps|imagine|pretend|pretending|dream|dreamed|suppose"
    r"|kidding|joking|joke|as if|almost|want to|wanna|hoping|someday|one day|probably|let us|guess what|unless"
    r"|whether|like an? (?:little|big|old)?)\b"
)
_COUNTS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
_COUNT = re.compile(rf"have (?:only )?(?P<n>\d|{'|'.join(_COUNTS)}) (?P<noun>[\w -]+)")
_SEVERAL = re.compile(r"(?:be|have (?P<np>[\w -]+?),?) (?P<list>§\d+(?:(?:, | and |, and )§\d+)+)")
_DIVORCED = re.compile(r"be (?:now )?divorced")
_PLAINER = (  # wordings that the table of predicates has in one form only
    (re.compile(r"\ba single (?:man|woman|guy|girl|lady)\b", re.IGNORECASE), "single"),
    (re.compile(r"\b(?:husband and wife|man and wife|a married couple)\b", re.IGNORECASE), "married"),
)


def said_in(reply: str, speaker_id: str, linker: Linker, ask: Sequence[Ask] = ()) -> tuple[Said, ...]:
    """The statements of a reply, in order, without repetitions.

    `linker` is that of the graph the reply is checked against; `ask` what the reply answers, for short answers.
    """
    graph = linker.graph
    plain = reply.replace("’", "'")
    for wording, plainer in _PLAINER:
        plain = wording.sub(plainer, plain)
    mentions = _mentions(plain, speaker_id, linker, ask)
    reader = Reader(plain, read_phrases(plain, mentions, graph), speaker_id, graph)
    found: list[Said] = []
    for position, frame in enumerate(frames(plain, reader.phrases, "")):
        if _NO_CLAIM.search(frame.raw) or frame.wh or frame.aux == "will" or _asked(frame, plain):
            continue
        stated = list(_stated(reader, frame))
        found += stated or (list(short_answer(reader, frame, ask, plain)) if position == 0 else [])
    new = [Said(speaker_id, "mentions", m.node, text=m.text) for m in mentions if m.how == "stranger"]
    if "?" not in plain and not _NO_CLAIM.search(plain.lower()):
        found += [s for s in _apposed(reader) if s not in found]
    found = [*yes_or_no(plain, ask), *found, *(n for n in new if not any(n.object == s.object for s in found))]
    return tuple(dict.fromkeys(s for s in found if s.subject != s.object or s.relation == "full_name"))


def _mentions(reply: str, speaker_id: str, linker: Linker, ask: Sequence[Ask]) -> list[Mention]:
    """Names, "I" as the speaker, and he or she as somebody named before (or asked about)."""
    found = [m for m in linker.link(reply, speaker_id) if m.how in {"alias", "fuzzy"}]
    taken = [(m.start, m.end) for m in found]
    for match in _ME.finditer(reply):
        if not any(s <= match.start() < e for s, e in taken):
            found.append(Mention(match[0], match.start(), match.end(), speaker_id, "you"))
    asked = [a.object or a.subject for a in ask if a.object or a.subject != speaker_id]
    for match in _PRONOUN.finditer(reply):
        gender = "female" if match[0].lower() in {"she", "her"} else "male"
        before = [node for start, node in _named(reply, found, linker.graph) if start < match.start()]
        fitting = (n for n in [*before, *asked] if n != speaker_id and linker.graph.gender(n) == gender)
        if (node := next(fitting, None)) is not None:
            found.append(Mention(match[0], match.start(), match.end(), node, "history"))
    return sorted([*found, *strangers(reply, found)], key=lambda m: (m.start, m.end))


def _named(reply: str, found: Sequence[Mention], graph: Graph) -> list[tuple[int, str]]:
    """Where somebody was named, by name or as "my sister"; the latest first."""
    related = [(p.start, node) for p in read_phrases(reply, found, graph) if p.steps for node in p.nodes]
    return sorted([(m.start, m.node) for m in found] + related, reverse=True)


def _apposed(reader: Reader) -> Iterator[Said]:
    """As in "Ross, my brother, is here": a name with a relation behind it."""
    for name, phrase in pairwise(reader.phrases):
        gap, behind = reader.message[name.end : phrase.start], reader.message[phrase.end : phrase.end + 1]
        if plainly_named(name) and phrase.steps and re.fullmatch(r",\s*", gap) and behind in {"", ",", ".", "!", ";"}:
            step = phrase.steps[-1]
            if step.subject and step.subject != name.nodes[0]:
                yield Said(step.subject, step.noun.relation, name.nodes[0], True, step.noun.gender, step.noun.former)


def _asked(frame: Frame, reply: str) -> bool:
    """Whether the clause is a question; a statement may follow one in the same reply."""
    return frame.question and bool(frame.aux) and "?" in reply


def _stated(reader: Reader, frame: Frame) -> Iterator[Said]:
    """What a clause says by its predicate, and what its phrases take for granted."""
    main = [a for a in reader.read(frame) if a.relation and a.relation != "about"]
    for ask in main:
        denies = frame.negated != (ask.kind == DENIES)
        yield replace(_said(ask, frame), polarity=not denies)
    yield from _counted(reader, frame, main)
    yield from _several(reader, frame)
    if not main:
        yield from _divorced(reader, frame)
        yield from _new_name(reader, frame)
        yield from _denying(reader, frame)
        yield from _identity(reader, frame)
    for ask in reader.taken_for_granted(frame):
        if ask.object is not None:
            yield _said(ask, frame)
        elif not frame.negated and reader.graph.nodes and not _holds_any(reader.graph, ask):
            yield _said(ask, frame)  # "my wife hates it" of a man without one


def _holds_any(graph: Graph, ask: Ask) -> bool:
    return bool(graph.facts_from(ask.subject, ask.relation))


def _said(ask: Ask, frame: Frame) -> Said:
    past = ask.past or ask.ever or (frame.negated and re.search(r"\bnever\b", frame.raw) is not None)
    return Said(ask.subject, ask.relation, ask.object or "", True, ask.gender, past, kind=_kind(ask), text=frame.text)


def _kind(ask: Ask) -> str:
    return ask.kind if ask.relation == "event" else ""


def _counted(reader: Reader, frame: Frame, main: list[Ask]) -> Iterator[Said]:
    match = _COUNT.match(frame.text.partition(" ")[2]) or _COUNT.match(frame.predicate)
    subjects = [a.subject for a in main] or [n for i in frame.subjects for n in reader.phrases[i].nodes]
    if match is None or not subjects or frame.negated:
        return
    readings = noun_readings(match["noun"].split(",")[0])
    if readings:
        number = _COUNTS.get(match["n"]) or int(match["n"])
        yield Said(subjects[0], readings[0].relation, "", True, readings[0].gender, count=number, text=frame.text)


def _several(reader: Reader, frame: Frame) -> Iterator[Said]:
    """As in "My parents are Jack and Judy", "I have two kids, Ben and Emma": one statement for each."""
    match = _SEVERAL.fullmatch(frame.predicate)
    if match is None or len(frame.subjects) != 1:
        return
    who = reader.phrases[frame.subjects[0]]
    step = who.steps[-1] if who.steps else None
    if match["np"] and not step and who.nodes:
        counted = re.sub(rf"^(?:\d|{'|'.join(_COUNTS)}|a couple of) ", "", match["np"])
        step = next((Step(who.nodes[0], noun) for noun in noun_readings(counted)), None)
    if step is None or not step.subject:
        return
    reader.used.add(frame.subjects[0])
    for mark in re.findall(r"§(\d+)", match["list"]):
        for node in reader.phrases[int(mark)].nodes[:1]:
            noun = step.noun
            yield Said(step.subject, noun.relation, node, not frame.negated, noun.gender, noun.former, text=frame.text)


def _divorced(reader: Reader, frame: Frame) -> Iterator[Said]:
    """As in "I'm divorced": married once, and no longer."""
    if _DIVORCED.fullmatch(frame.predicate) and not frame.negated:
        for subject in (n for i in frame.subjects for n in reader.phrases[i].nodes):
            yield Said(subject, "spouse", "", past=True, text=frame.text)
            yield Said(subject, "spouse", "", polarity=False, text=frame.text)


def _new_name(reader: Reader, frame: Frame) -> Iterator[Said]:
    """As in "My birthday is May 4": a literal that stands behind the verb."""
    match = re.fullmatch(r"be (?:called |named )?(?:in |on )?(?:an? |the )?(?P<o>[\w' -]+)", frame.predicate)
    if match is None or len(frame.subjects) != 1:
        return
    phrase = reader.phrases[frame.subjects[0]]
    if not phrase.steps or not phrase.steps[-1].subject:
        return
    step = phrase.steps[-1]
    original = re.search(re.escape(match["o"]), reader.message, re.IGNORECASE)
    name = original[0] if original else match["o"]
    literal = relations()[step.noun.relation].literal
    if literal or name[:1].isupper():
        reader.used.add(frame.subjects[0])
        relation, gender = step.noun.relation, step.noun.gender
        yield Said(step.subject, relation, name, not frame.negated, gender, step.noun.former, text=frame.text)


def _denying(reader: Reader, frame: Frame) -> Iterator[Said]:
    """As in "I have no sister": the negation stands in the object."""
    match = re.fullmatch(r"have no (?P<np>[\w' -]+)", frame.predicate)
    if match is None or len(frame.subjects) != 1:
        return
    for reading in noun_readings(match["np"])[:1]:
        for subject in reader.phrases[frame.subjects[0]].nodes:
            yield Said(subject, reading.relation, "", False, reading.gender, text=frame.text)


def _identity(reader: Reader, frame: Frame) -> Iterator[Said]:
    """As in "I'm Monica" is a claim about one's name."""
    match = re.fullmatch(r"be §(\d+)", frame.predicate)
    if match is None or len(frame.subjects) != 1:
        return
    who, as_whom = reader.phrases[frame.subjects[0]], reader.phrases[int(match[1])]
    if who.nodes == (reader.persona,) and not who.steps and plainly_named(as_whom) and as_whom.nodes != who.nodes:
        name = reader.graph.name(as_whom.nodes[0])
        yield Said(reader.persona, "full_name", name, not frame.negated, text=frame.text)
