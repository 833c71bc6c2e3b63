"""How a persona opens and closes what it says, as in "Dude, … True story".

Openers are counted in the persona's own training lines: at most four words before the first comma or stop, frequent,
naming nobody, saying neither yes nor no, and turning nothing that is said behind them. What stands in
`shows/<id>/voices.toml` comes on top. The made-up grounded talk of a persona is coloured with them
(`training.grounded`), so that a fact is told in its manner.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.carrying import Carried, turned

_OPENER = re.compile(r"^((?:[\w'’]+ ){0,3}[\w'’]+)(,|!|\.|\.\.\.|…) +(?=\S)")
_SAYS = frozenset(
    """yes yeah yep yup yah no nope nah not never don't didn't can't won't isn't what why who where when how
    thank thanks sorry hi hello bye goodbye really sure maybe""".split()  # noqa: SIM905
)  # these answer, ask or greet: before a fact they would say something of their own
FREQUENT = 5  # times that an opener is heard
LISTED = ("affirm", "memory")  # openers of voices.toml


@dataclass(frozen=True)
class Colour:
    """Openers by how often they are heard, and closing words. An opener ends where the sentence goes on."""

    openers: tuple[tuple[str, int], ...] = ()
    after: tuple[str, ...] = ()


def colour(lines: Iterable[str], names: Collection[str], voice: Path | None = None, slug: str = "") -> Colour:
    """The colour of a persona with these `lines`; `names` are words that name somebody, in lower case."""
    counted = Counter(opener for line in lines if (opener := opener_of(line, names)))
    heard = {opener: times for opener, times in counted.items() if times >= FREQUENT}
    listed: dict[str, Sequence[str]] = {}
    if voice is not None and voice.is_file():
        listed = tomllib.loads(voice.read_text(encoding="utf-8")).get(slug, {})
    weight = max(1, sum(heard.values()) // 12)
    written = [f"{line} " for key in LISTED for line in listed.get(key, ()) if line]
    heard |= dict.fromkeys(written, weight)
    openers = tuple(sorted((opener, times) for opener, times in heard.items() if not turned(Carried(opener, ""))))
    return Colour(openers, tuple(line for line in listed.get("after", ()) if line))


def opener_of(line: str, names: Collection[str]) -> str:
    """The opener of a line, with the mark and the space after it; empty where it has none that may open anything.

    >>> opener_of("Dude, she's my sister.", {"joey"}), opener_of("Joey, come here.", {"joey"})
    ('Dude, ', '')
    """
    found = _OPENER.match(line)
    if found is None:
        return ""
    words = found[1].lower().replace("’", "'").split()
    if any(w in _SAYS or w in names or any(c.isdigit() for c in w) for w in words):
        return ""
    return f"{found[1]}{found[2]} "
