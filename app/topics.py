"""What a message is before the graph is asked: too long, unreadable, about the real world, or something to answer."""

import re
import tomllib
import unicodedata
from functools import cache

from app.names import WORDS
from parsing.errors import BadInput

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


@cache
def _cues() -> re.Pattern[str]:
    listed = tomllib.loads(WORDS.read_text(encoding="utf-8"))["real_world"]
    return re.compile("|".join(f"(?:{cue})" for cue in listed), re.IGNORECASE)
