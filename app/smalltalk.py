"""What small talk does: greets, thanks, complains, invites … read off its words by `smalltalk.toml`."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ACTS = Path(__file__).with_name("smalltalk.toml")
_WORD = re.compile(r"[\w']+")


@dataclass(frozen=True)
class Act:
    """One act of small talk and how it is told."""

    name: str
    cues: re.Pattern[str]
    words: int = 0  # the most words of such a message; 0: any number


@cache
def acts() -> tuple[Act, ...]:
    """Every act, in the table's order."""
    table = tomllib.loads(ACTS.read_text(encoding="utf-8"))
    return tuple(
        Act(name, re.compile("|".join(f"(?:{cue})" for cue in entry["cues"]), re.IGNORECASE), entry.get("words", 0))
        for name, entry in table.items()
    )


def act_of(message: str) -> str:
    """The act of a message: `act_of("Hi there!") == "greeting"`; "" where none fits."""
    plain = message.replace("’", "'").strip()
    size = len(_WORD.findall(plain))
    return next((act.name for act in acts() if (not act.words or size <= act.words) and act.cues.search(plain)), "")
