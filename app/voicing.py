"""Replies in which the model says, in the persona's manner, a sentence that the graph has worded.

The prompt's last line is `say | <sentence>`. A candidate is taken where it carries the sentence word for word and adds
nothing but manner (`kg.carrying`): no name, no number, no claim, nothing that turns its sense.
"""

from dataclasses import replace

from app.engines import Candidate, Settings
from app.judging import Judged, Talk, manner_of, tidy
from kg.carrying import carried, turned

CANDIDATES = 4
ROOM = 28  # tokens for the manner around the sentence
TEMPERATURE = 0.7  # from 0.2 to 0.7 as many sentences are carried; above 1, a tenth fewer
LONGEST = 120  # tokens of a sentence that the model is given to say


def settings_for(settings: Settings, tokens: int) -> Settings:
    """How a sentence of `tokens` tokens is said: it repeats the prompt's words, so repetition costs nothing."""
    room = min(512, max(settings.max_tokens, tokens + ROOM))
    return replace(settings, temperature=TEMPERATURE, top_p=0.9, min_p=0.05, repetition_penalty=1.0, max_tokens=room)


def judge_said(candidate: Candidate, talk: Talk, say: str) -> Judged:
    """Read one candidate's manner around the sentence and say what is wrong with it."""
    text = tidy(candidate)
    around = carried(text, say)
    problem = "" if around else "does not say the sentence"
    if around is not None:
        problem = _added(talk, f"{around.before} {around.after}") or turned(around) or manner_of(text, talk)
    return Judged(text, candidate, (), (problem,) if problem else (), candidate.logprob or 0.0)


def _added(talk: Talk, rest: str) -> str:
    """A name or a claim in what is said around the sentence."""
    if not rest.strip():
        return ""
    if names := talk.scene.names.strangers(rest, talk.by_user):
        return f"names {names[0]}"
    if others := talk.scene.named(rest, talk.speaker) - {talk.speaker}:
        return f"brings up {min(talk.scene.graph.name(node) for node in others)}"
    claims = [c for c in talk.scene.verifier.check(rest, talk.speaker, ()) if c.relation != "mentions"]
    return f"adds that {claims[0].subject} {claims[0].relation} {claims[0].object}" if claims else ""
