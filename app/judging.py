"""What is wrong with a candidate, and how good is it: the step between the engine and the choice.

A candidate is refused for what it says (a name nobody may say, a claim the graph contradicts or can't confirm, the name
that was asked for missing) and for how it says it (nothing, a loop, an earlier reply again). Else the score decides.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, utils

from app.engines import Candidate
from app.names import word_list
from kg.english import loops
from kg.nouns import lexicon
from kg.types import Claim

if TYPE_CHECKING:
    from app.stage import Scene
    from kg.types import Ask

_TASTE = frozenset({"likes", "dislikes"})  # small talk may like a thing that the show doesn't speak of
_BARE = 4  # words of a reply that may be the bare name
_SAME = 88  # of 100, by token sort ratio: an earlier reply again
_YES = re.compile(
    r"\W*(?:(?:oh|well|uh|um|hey|okay|ok)\W+)*"
    r"(?:yes|yeah|yep|yup|sure|of course|you bet|right|i (?:am|do|did|have|was)\b)",
    re.I,
)
_ABOUT_IT = re.compile(r"\b(?:he|him|his|she|hers?|it|that|they|them|we)\b", re.I)
_NO = re.compile(r"\W*(?:(?:oh|well|uh|um|hey|okay|ok)\W+)*(?:no|nope|nah|never|not)\b", re.I)
# The wrong article, where spelling tells: "a actor", "an dentist"; not "a one", "an hour", "a user", "an FBI man".
_ARTICLE = re.compile(r"\b(?:a (?!one\b|once\b|eu)[aeio][a-z]+|an [bcdfgjklmnpqrstvwxyz][a-z]+)")
_TAKEN_BACK = re.compile(r"[^.!?]*\b(?:yes|yeah|yep|yup|sure|right)\b[^.!?]*(?:n['’]t\b|\bnot\b|\bnever\b)", re.I)
_LABEL = re.compile(r"^\s*(?:[A-Z][\w.' ]{0,24}|assistant|user)\s*:\s*", re.I)
_SENTENCE_END = re.compile(r"[.!?…](?=[\"'”’)\]]*(?:\s|$))[\"'”’)\]]*")
_WORDS = re.compile(r"[\w']+")


@dataclass(frozen=True)
class Expectation:
    """What a reply to a question must hold. `groups`: of each group of names at least one, in any case."""

    groups: tuple[tuple[str, ...], ...] = ()
    yes: bool | None = None  # True: it must say yes (or one of the names); None: no yes/no question
    supported: bool = False  # it must hold a claim that the graph supports
    named: bool = False  # a yes alone won't do: "do you have a sister?" wants her name
    matter: frozenset[str] = frozenset()  # words of the relation: "my student is Estelle" names the agent, and is wrong

    pairs: frozenset[frozenset[str]] = frozenset()  # ends of the facts that answer: a claim has to join such two

    @property
    def anything(self) -> bool:
        """Is something expected at all?"""
        return bool(self.groups) or self.yes is not None or self.supported

    def missing(self, text: str) -> str:
        """In words, what the text lacks; empty where it has all."""
        if self.yes is not None:
            if _NO.match(text) if self.yes else _YES.match(text):
                return "says yes for no or no for yes"
            if self.yes and _TAKEN_BACK.match(text):
                return "says yes and no"
            if self.yes and not self.named and _plain_yes(text, self.matter):
                return ""
        absent = [group[0] for group in self.groups if not any(holds(text, name) for name in group)]
        if absent:
            return f"does not say {', '.join(absent)}"
        return "" if self.groups or self.yes is None else "does not say yes"


def _plain_yes(text: str, matter: frozenset[str]) -> bool:
    """A yes that stays with the matter: nothing much after it, or words of the relation said of him, her or it."""
    said = _YES.match(text)
    rest = _WORDS.findall(text[said.end() :].lower()) if said else []
    on_it = _ABOUT_IT.search(text) is not None and not matter.isdisjoint(rest)
    return said is not None and (len(rest) <= 3 or on_it)


NOTHING = Expectation()


@dataclass(frozen=True)
class Judged:
    """One candidate with what was found out about it."""

    text: str  # tidied
    candidate: Candidate
    claims: tuple[Claim, ...] = ()
    problems: tuple[str, ...] = ()  # why it is refused, in words
    score: float = 0.0

    def to_json(self) -> dict[str, object]:
        """For the trace."""
        return {
            "text": self.text,
            "score": round(self.score, 3),
            "logprob": None if self.candidate.logprob is None else round(self.candidate.logprob, 3),
            "problems": list(self.problems),
            "claims": [[c.subject, c.relation, c.object, c.verdict] for c in self.claims],
        }


@dataclass(frozen=True)
class Talk:
    """What a candidate is judged against."""

    scene: "Scene"
    speaker: str  # node id of the persona
    message: str
    by_user: tuple[str, ...] = ()  # everything the user wrote, this message included
    said: tuple[str, ...] = ()  # the persona's earlier replies
    asks: "tuple[Ask, ...]" = ()
    expected: Expectation = NOTHING


def judge(candidate: Candidate, talk: Talk) -> Judged:
    """Read one candidate's claims and say what is wrong with it."""
    text = tidy(candidate)
    manner = manner_of(text, talk)
    if manner:
        return Judged(text, candidate, (), (manner,), _score(text, candidate, talk))
    found = talk.scene.verifier.check(text, talk.speaker, talk.asks)
    claims = tuple(c for c in found if c.relation != "mentions")  # names are the filter's business
    problems = [f"names {name}" for name in talk.scene.names.strangers(text, talk.by_user)]
    problems += [p for claim in claims if (p := _objection(claim, talk))]
    uncalled = _brought_up(text, claims, talk)
    if talk.expected.anything or _after_somebody(talk.message):
        problems += [f"brings up {name}" for name in uncalled]
    missing = talk.expected.missing(text)
    problems += [missing] if missing else []
    held = any(claim.verdict == "supported" and _answers(claim, talk.expected) for claim in claims)
    said = _WORDS.findall(text.lower())
    if talk.expected.matter and not held and len(said) > _BARE and talk.expected.matter.isdisjoint(said):
        problems.append("says the name, and nothing of the matter")
    if talk.expected.supported and not held:
        problems.append("states nothing that answers")
    return Judged(text, candidate, claims, tuple(problems), _score(text, candidate, talk) - 0.4 * len(uncalled))


def choose(judged: Sequence[Judged]) -> Judged | None:
    """The best of those without problems; None where all have some. Ties go to the first."""
    sound = [j for j in judged if not j.problems]
    return max(sound, key=lambda j: j.score) if sound else None


def tidy(candidate: Candidate) -> str:
    """The candidate's text without a speaker's label, further turns, or a sentence cut off at the end."""
    text = _LABEL.sub("", candidate.text.strip(), count=1) if _is_label(candidate.text) else candidate.text.strip()
    text = " ".join(text.split("\n", 1)[0].split())
    if not candidate.finished:
        ends = [m.end() for m in _SENTENCE_END.finditer(text)]
        text = text[: ends[-1]] if ends else ""
    return text


def holds(text: str, name: str) -> bool:
    """Does the text say the name, as a word of its own, in any case?"""
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) is not None


def rescored(judged: Judged, by: float) -> Judged:
    """The same with another score."""
    return replace(judged, score=judged.score + by)


def _is_label(text: str) -> bool:
    match = _LABEL.match(text)
    return match is not None and len(match[0].split()) <= 2


def manner_of(text: str, talk: Talk) -> str:
    """What is wrong with how it is said; empty where nothing is."""
    words = _WORDS.findall(text)
    if not words:
        return "says nothing"
    if loops(text):
        return "goes round in circles"
    if wrong := _ARTICLE.search(text):
        return f"says '{wrong[0]}'"
    if any(fuzz.token_sort_ratio(text, old, processor=utils.default_process) >= _SAME for old in talk.said):
        return "repeats an earlier reply"
    if fuzz.token_sort_ratio(text, talk.message, processor=utils.default_process) >= _SAME and len(words) > 2:
        return "repeats the message"
    return ""


def _objection(claim: Claim, talk: Talk) -> str:
    said = f"{claim.subject} {claim.relation} {claim.object}"
    if claim.verdict == "contradicted":
        return f"contradicts the graph: {said}"
    taste = claim.relation in _TASTE and not talk.expected.anything
    if claim.verdict == "unverifiable" and not taste:
        return f"nothing shows that {said}"
    return ""


def _answers(claim: Claim, expected: Expectation) -> bool:
    """Is the claim one of those asked for, where these are known ("who is Janice?" wants what joins her and him)?"""
    return not expected.pairs or any({f.subject, f.object} in expected.pairs for f in claim.facts)


def _after_somebody(message: str) -> bool:
    """Does small talk fish for a person ("tell me your future husband's name")? Then a bare name is an answer."""
    words = {w.lower() for w in _WORDS.findall(message)}
    return bool(words & {"who", "whose", "whom", "name", "names"}) or any(w in lexicon() for w in words)


def _brought_up(text: str, claims: Sequence[Claim], talk: Talk) -> list[str]:
    """Entities named in the text that nothing called for: not the user, not the answer, not a claim that holds."""
    graph = talk.scene.graph
    held = [end for c in claims if c.verdict == "supported" for end in (c.subject, c.object)]
    called = (*talk.by_user, graph.name(talk.speaker), *held, *(n for group in talk.expected.groups for n in group))
    known = " ".join(called).casefold()
    names = sorted(graph.name(node) for node in talk.scene.named(text, talk.speaker))
    return [name for name in names if not any(w.casefold() in known for w in name.split() if len(w) > 2)]


def _score(text: str, candidate: Candidate, talk: Talk) -> float:
    """Likelihood, plus a little for taking up the message's words and for a length one would say aloud."""
    words = [w.lower() for w in _WORDS.findall(text)]
    likelihood = candidate.logprob if candidate.logprob is not None else -2.0
    asked = {w.lower() for w in _WORDS.findall(talk.message)} - word_list("function")
    taken_up = min(len(asked & set(words)), 2)
    length = -0.5 if len(words) < 3 else -0.03 * max(0, len(words) - 25)
    cut = 0.0 if candidate.finished else -0.3
    return likelihood + 0.4 * taken_up + length + cut
