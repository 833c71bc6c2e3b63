"""What the user has told of himself in a conversation: it may be told back, and never enters the show's graph.

"What's my favourite dinosaur?" is answered with the user's own words, quoted; nothing is made of them.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.names import word_list
from app.types import Turn
from kg.english import lemma

if TYPE_CHECKING:
    from app.stage import Scene

_ASKS = re.compile(
    r"\b(?:(?:did|do|am|was|would|have|had|should|could|can) i\b|i (?:say|said|told|tell|mention(?:ed)?|call(?:ed)?)\b"
    r"|(?:remember|know|recall) (?:what|who|where|how|which)\b[^?.!]*\bi\b"
    r"|(?:is|are|was|were|['’]s|remember|know|recall|guess) (?:again )?my\b|my \w+(?: \w+)? (?:is|was|are|were)\b)",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"\?|\b(?:what|which|who|whose|where|when|how|do you (?:remember|recall|know)|tell me|guess)\b", re.IGNORECASE
)
_OF_SELF = re.compile(r"\b(?:i|i['’](?:m|ve|d|ll)|my|mine|we|our|call me)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|St)\.|[^.!?…])+[.!?…]*")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SELF = frozenset({"i", "my", "mine", "me", "say", "tell", "remember", "know", "think", "mention"})


def told_back(message: str, history: Sequence[Turn], scene: "Scene", speaker: str) -> str:
    """The user's own words that answer a question about himself, quoted; empty where it is none, or nothing was told.

    The turn that shares most words with the question is quoted, the latest of equals; what names anybody of the show
    but the persona is not.
    """
    if not (_ASKS.search(message) and _QUESTION.search(message)):
        return ""
    asked = _content(message)
    found: list[tuple[int, int, str]] = []
    for place, turn in enumerate(history):
        told = _statements(turn.content) if turn.role == "user" else ""
        if told and not scene.named(told, speaker) - {speaker}:
            found.append((len(asked & _content(told)), place, told))
    if not found:
        return ""
    return f"You said, “{max(found)[2]}”"


def _statements(text: str) -> str:
    """What the user states in a turn, from the first sentence about himself on; without his questions."""
    parts = [part.strip() for part in _SENTENCE.findall(text)]
    kept = [part for part in parts if part and not part.endswith("?")]
    first = next((i for i, part in enumerate(kept) if _OF_SELF.search(part)), None)
    return "" if first is None else " ".join(kept[first:])


def _content(text: str) -> frozenset[str]:
    words = {lemma(word.lower()) for word in _WORD.findall(text)}
    return frozenset(words - word_list("function") - _SELF)
