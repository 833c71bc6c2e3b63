"""What a message is before the graph is asked: too long, unreadable, about the real world, or something to answer."""

import re
import tomllib
import unicodedata
from functools import cache

from app.names import WORDS
from parsing.errors import BadInput

_WORLD = re.compile(
    r"\W*(?:(?:so|and|hey|okay|ok|well|um|uh|tell me|do you know)\W+)*"
    r"(?:who|what|which|where|when|how (?:many|much|far|tall|long|big|old|high|deep))(?:['’]s|\W+\w+)?"
    r"(?:\W+\w+)*?\W*\b(?:is|are|was|were|did|does|do|['’]s|has|have|can|happened|invented|discovered|wrote|won)\b.+",
    re.IGNORECASE | re.DOTALL,
)
# Words of small talk: the two who talk, what is at hand, moods.
_NEAR = re.compile(
    r"\b(?:you|your|yours|u|ur|i|me|my|mine|we|us|our|he|she|him|her|his|they|them|this|that|these|those|it|here|there"
    r"|up|new|wrong|going on|happening|happens|happened(?=\W*$)|the (?:matter|problem|deal|big deal|rush|plan|point"
    r"|occasion|story|word|secret|trick|catch|hurry)|for (?:dinner|lunch|breakfast|dessert)|everybody|everyone)\b",
    re.IGNORECASE,
)
LONGEST = 4_000  # characters of a message


def checked(message: str) -> str:
    """The message without blanks around it. Raises `BadInput` when it is empty or too long."""
    text = message.strip() if isinstance(message, str) else ""
    if not text:
        raise BadInput("the message is empty: say something")
    if len(text) > LONGEST:
        raise BadInput(f"the message has {len(text):,} characters; at most {LONGEST:,} are read")
    return text


def unreadable(message: str, language: str) -> bool:
    """Has the message no words in the alphabet of the show's language (emoji, another script, signs only)?"""
    alphabet = "CYRILLIC" if language == "ru" else "LATIN"
    letters = [c for c in message if c.isalpha()]
    ours = sum(unicodedata.name(c, "").startswith(alphabet) for c in letters)
    return ours == 0 or ours < len(letters) / 2


def real_world(message: str) -> bool:
    """Is it about actors, episodes, the production, or about the program that answers?"""
    return _cues().search(message) is not None


def general_knowledge(message: str) -> bool:
    """Does it ask for a fact of the world at large ("what's the capital of France?"), and of nobody here?"""
    return _WORLD.match(message) is not None and not _NEAR.search(message)


@cache
def _cues() -> re.Pattern[str]:
    listed = tomllib.loads(WORDS.read_text(encoding="utf-8"))["real_world"]
    return re.compile("|".join(f"(?:{cue})" for cue in listed), re.IGNORECASE)
