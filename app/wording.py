"""What a persona says when the graph answers and no candidate of the model could be used: its manner around a sentence.

The sentence comes from the relations table (`kg.wording`), the words around it from the persona's voice.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from app.plan import Part, Plan
from app.voices import Voice, pick
from kg.english import decapitalised

if TYPE_CHECKING:
    from kg.graph import Graph

_FULL_STOPS = re.compile(r"(?<!\.)\.\.(?!\.)")  # "Jr." at the end of a sentence
_NOT_THAT_I_KNOW = "Not that I know of."
DENIES = "denies"  # `Ask.kind` of a predicate that says no (`kg.questions.DENIES`, not imported before it is needed)
# A fact is known, but not the when, where or why that is asked for.
_BUT = {
    "time": "I couldn't tell you exactly when.",
    "place": "I couldn't tell you where.",
    "reason": "Don't ask me why.",
    "manner": "Don't ask me how.",
}


def worded(plan: Plan, voice: Voice, graph: "Graph", speaker: str, seed: int, *, said: Sequence[str]) -> str:
    """The whole reply for the parts that are told; a part nothing is known of is owned up to at the end."""
    told = plan.told
    polar = _polar(told)
    if any(part.ask.kind == DENIES for part in told):
        opener = ""
    elif plan.route == "correct":
        opener = pick(voice.correct, seed, said)
    elif plan.route == "deny":
        opener = pick(voice.deny, seed, said) if polar or told[0].ask.form != "wh" else ""
    else:
        opener = pick(voice.confirm if polar else voice.affirm, seed, said)
    sentences = _sentences(told, graph, speaker, seed, plain=polar)
    if told[0].answer.hedged:
        opener = ""
    if plan.route == "fact" and any(part.answer.status == "silent" for part in plan.parts):
        sentences.append(f"As for the rest… {pick(voice.abstain, seed, said)}")
    return _FULL_STOPS.sub(".", " ".join(text for text in (opener, *dict.fromkeys(sentences)) if text))


def statement(plan: Plan, graph: "Graph", speaker: str, seed: int) -> str:
    """What the reply has to say, without any manner: the sentences of the told parts, a yes or a no before them.

    Empty where there is more to it than sentences of the graph: a part that nothing is known of.
    """
    told = plan.told
    if not told or (plan.route == "fact" and any(part.answer.status == "silent" for part in plan.parts)):
        return ""
    sentences = _sentences(told, graph, speaker, seed, plain=told[0].answer.hedged and _polar(told))
    text = _FULL_STOPS.sub(".", " ".join(dict.fromkeys(s for s in sentences if s)))
    if plan.route == "correct" and not re.match(r"(?:no|not)\b", text, re.IGNORECASE):
        text = f"No, {decapitalised(text)}"
    return text


def _polar(told: Sequence[Part]) -> bool:
    """Is it one yes/no question? "Are you single?" is none: its sentence knows its yes from its no."""
    return len(told) == 1 and told[0].ask.form == "polar" and told[0].ask.kind != DENIES


def _sentences(told: Sequence[Part], graph: "Graph", speaker: str, seed: int, plain: bool) -> list[str]:
    """A sentence for each part, the first of them hedged where one can't be sure, as of others.

    What is the same of both is said once: "do you and your husband have children?".
    """
    seen = {(p.ask.relation, p.ask.form, frozenset(f.object for f in p.answer.facts)): p for p in reversed(told)}
    told = [p for p in told if not p.answer.facts or p in seen.values()]
    sentences = [sentence_of(part, graph, speaker, seed, plain=plain) for part in told]
    if told[0].answer.hedged:
        sentences[0] = _NOT_THAT_I_KNOW if plain else _hedged(sentences[0])
    return sentences


def _hedged(sentence: str) -> str:
    """As in "Chandler isn't married, that I know of."."""
    return f"{sentence.removesuffix('.')}, that I know of." if sentence else _NOT_THAT_I_KNOW


def sentence_of(part: Part, graph: "Graph", speaker: str, seed: int, plain: bool = False) -> str:
    """One part as the persona says it; `plain` leaves the yes or no to the opener."""
    from kg.wording import answer_sentence, sentence

    ask, answer = part.ask, part.answer
    if ask.relation in {"about", "note"} and answer.status == "known":
        return " ".join(dict.fromkeys(sentence(graph, fact, speaker, seed) for fact in answer.facts))
    if answer.status == "known" and answer.facts[0].extractor == "name":  # no fact but the name itself
        return f"{_pronoun(graph, ask.subject, speaker)} {answer.facts[0].object}."
    if plain and ask.form == "polar":
        ask = replace(ask, form="wh" if answer.status == "known" else "presupposed")
    text = answer_sentence(graph, ask, answer, speaker, seed)
    but = _BUT.get(ask.asked, "") if answer.status == "known" else ""
    return f"{text} {but}".strip()


def _pronoun(graph: "Graph", node: str, speaker: str) -> str:
    if node == speaker:
        return "I'm"
    return {"female": "She's", "male": "He's"}.get(graph.gender(node), "That's")
