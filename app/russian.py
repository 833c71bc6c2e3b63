"""A Russian persona's reply: worded from the graph by templates, in the persona's voice. No model takes part in it.

The bundled weights write English; a show in Russian is answered from the graph alone: facts as sentences, denials and
corrections with what is so, abstentions where the graph is silent, phrases for small talk. Each reply is checked like a
candidate's (`kg.russian.verification`), so that what the templates say is what the graph says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.topics import unreadable
from app.types import ReplyVerdict, Turn, Way
from app.voices import Voice, pick
from kg.types import Answer, Ask, Claim, Fact

if TYPE_CHECKING:
    from app.stage import Scene
    from kg.talk import Reading

_TALK = ("farewell", "thanks", "how_are_you", "love", "greeting")


@dataclass(frozen=True)
class Said:
    """A reply and what it rests on."""

    text: str
    verdict: ReplyVerdict
    way: Way
    facts: tuple[Fact, ...] = ()
    claims: tuple[Claim, ...] = ()
    reading: "Reading | None" = None


def reply(message: str, history: Sequence[Turn], scene: "Scene", speaker: str, voice: Voice, seed: int) -> Said:
    """The whole reply of one turn. `speaker` is the persona's node id; `scene` is stripped to the moment and knower."""
    from kg.russian.language import russian
    from kg.russian.talk import read_russian

    said = tuple(turn.content for turn in history if turn.role == "assistant")
    if unreadable(message, "ru"):
        return Said(pick(voice.puzzled, seed, said), "abstained", "abstention")
    plain = message.casefold().replace("ё", "е")
    cues = russian().cues
    if cues["real_world"].search(plain):
        return Said(pick(voice.real_world, seed, said), "abstained", "abstention")
    if cues["user_name"].search(plain):
        return Said(pick(voice.abstain, seed, said), "abstained", "abstention")
    turns = [{"role": turn.role, "content": turn.content} for turn in history]
    reading = read_russian(message, scene.graph, scene.show, speaker, turns)
    pairs = [(a, b) for a, b in zip(reading.asks, reading.answers, strict=True) if a.relation or b.status == "silent"]
    told = [(a, b) for a, b in pairs if b.status != "silent" and not (a.form == "presupposed" and b.status == "known")]
    if told:
        return _told(told, scene, speaker, voice, seed, said, reading)
    if pairs or _of_a_stranger(message, scene):
        return Said(pick(voice.abstain, seed, said), "abstained", "abstention", reading=reading)
    act = next((name for name in _TALK if cues[name].search(plain)), "")
    act = act or ("opinion" if cues["opinion"].search(plain) else "")
    lines = voice.says.get(act, ()) or voice.chat
    return Said(pick(lines, seed, said), "chat", "phrase" if act else "chat", reading=reading)


def _of_a_stranger(message: str, scene: "Scene") -> bool:
    """Is a question about somebody nobody has heard of?"""
    from kg.russian.verification import RussianVerifier

    return "?" in message and any(
        c.relation == "mentions" for c in RussianVerifier(scene.graph, scene.show).check(message, "")
    )


def _told(
    told: Sequence[tuple[Ask, Answer]], scene: "Scene", speaker: str, voice: Voice, seed: int, said: Sequence[str],
    reading: "Reading",
) -> Said:  # fmt: skip
    from kg.russian.verification import RussianVerifier
    from kg.russian.wording import answer_sentence

    statuses = {answer.status for _, answer in told}
    status = next(s for s in ("false_premise", "known", "denied") if s in statuses)
    chosen = [(ask, answer) for ask, answer in told if answer.status == status]
    sentences = [text for ask, answer in chosen if (text := answer_sentence(scene.graph, ask, answer, speaker))]
    if not sentences:
        return Said(pick(voice.abstain, seed, said), "abstained", "abstention", reading=reading)
    polar = chosen[0][0].form == "polar"
    opener = {
        "false_premise": pick(voice.correct, seed, said),
        "denied": pick(voice.deny, seed, said) if polar else "",
        "known": pick(voice.confirm if polar else voice.affirm, seed, said),
    }[status]
    text = " ".join(part for part in (opener, *dict.fromkeys(sentences)) if part)
    facts = tuple({fact.id: fact for _, answer in chosen for fact in answer.facts}.values())
    claims = RussianVerifier(scene.graph, scene.show).check(text, speaker, [ask for ask, _ in chosen])
    if any(claim.verdict == "contradicted" for claim in claims):  # a template must not say what the graph denies
        return Said(pick(voice.abstain, seed, said), "abstained", "abstention", claims=claims, reading=reading)
    return Said(text, "corrected" if status == "false_premise" else "grounded", "worded", facts, claims, reading)
