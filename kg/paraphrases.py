"""Long ways to ask a short thing, in the plain words that the relations table is asked in (`paraphrases.toml`)."""

import re
import tomllib
from functools import cache, partial
from pathlib import Path

_YOU = r"you|ya|u"
_NAME = r"[A-Z][\w.-]+(?: [A-Z][\w.-]+)?"
_WHO = rf"(?P<who>(?:{_YOU})\b|(?-i:{_NAME}))"
_WHOSE = rf"(?P<whose>(?:your|ur)\b|(?-i:{_NAME})['’]s?(?!\w))"
_SLOTS = ("{who}", "{whose}", "{do}", "{are}", "{have}")


@cache
def _table() -> tuple[tuple[re.Pattern[str], str], ...]:
    table = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))["paraphrase"]
    return tuple((_compiled(row["said"]), row["plain"]) for row in table)


def _compiled(said: str) -> re.Pattern[str]:
    return re.compile(said.replace("{who}", _WHO, 1).replace("{whose}", _WHOSE, 1), re.IGNORECASE)


def plain(message: str) -> str:
    """The message with its long ways to ask made short; unchanged where there are none.

    >>> plain("How do you make your money?")
    'what do you do for a living?'
    """
    for pattern, form in _table():
        message = pattern.sub(partial(_filled, form=form), message)
    return message


def _filled(match: re.Match[str], *, form: str) -> str:
    found = match.groupdict()
    whose = found.get("whose") or ""
    who = found.get("who") or ("you" if whose.lower() in {"your", "ur"} else re.sub(r"['’]s?$", "", whose))
    you = who.lower() in {"you", "ya", "u"}
    slots = {
        "{who}": who,
        "{whose}": whose or ("your" if you else f"{who}'s"),
        "{do}": "do" if you else "does",
        "{are}": "are" if you else "is",
        "{have}": "have" if you else "has",
    }
    for slot in _SLOTS:
        form = form.replace(slot, slots[slot])
    others = [text for number, text in enumerate(match.groups(), 1) if number not in match.re.groupindex.values()]
    for place, text in enumerate(others, 1):
        form = form.replace(f"\\{place}", text or "")
    return form
