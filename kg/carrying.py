"""Does a reply carry a sentence that it was given to say, and what else does it say?

The check behind replies that a model colours: the sentence comes from the graph, so where the reply holds it word for
word and adds nothing but manner, the reply is as true as the graph.
"""

import re
from dataclasses import dataclass

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
MOST = 14  # words before the sentence, and behind it
# Words that would turn what they stand beside into its contrary, a guess, a lie or a question.
_TURNS = frozenset(
    """not never nobody nothing neither nor cannot without if unless maybe perhaps probably think thought guess suppose
    believe wish hope doubt wonder say says said tell told heard hear kidding joking joke lie lied lying wrong untrue
    false pretend pretended imagine imagined dream dreamed dreamt almost nearly supposedly whether instead
    except""".split()  # noqa: SIM905
)
_NO = frozenset({"no", "nope", "nah", "yes", "yeah", "yep", "yup"})


@dataclass(frozen=True)
class Carried:
    """What stands before the sentence and behind it."""

    before: str
    after: str


def carried(reply: str, sentence: str) -> Carried | None:
    """What the reply says around the sentence; None where it doesn't hold all its words, in order, with none between.

    Capitals and marks don't count.

    >>> carried("Oh my God, my sister is Monica. True story.", "My sister is Monica.")
    Carried(before='Oh my God,', after='True story.')
    >>> carried("My sister isn't Monica.", "My sister is Monica.") is None
    True
    """
    said = [(match[0].casefold().replace("’", "'"), match) for match in _WORD.finditer(reply)]
    wanted = [word.casefold().replace("’", "'") for word in _WORD.findall(sentence)]
    words = [word for word, _ in said]
    for start in range(len(words) - len(wanted) + 1):
        if wanted and words[start : start + len(wanted)] == wanted:
            first, last = said[start][1], said[start + len(wanted) - 1][1]
            return Carried(reply[: first.start()].strip(), reply[last.end() :].lstrip(" .!?,;:…)\"'”’").strip())
    return None


def turned(around: Carried) -> str:
    """The word around the sentence that may turn its sense, or what else is wrong there; empty where nothing is.

    A yes or a no may stand before it only at the sentence's own beginning, so neither may stand around it.
    """
    for part in (around.before, around.after):
        words = [w.casefold().replace("’", "'") for w in _WORD.findall(part)]
        if len(words) > MOST:
            return f"{len(words)} words more"
        for word in words:
            if word in _TURNS or word.endswith("n't"):
                return word
            if any(c.isdigit() for c in word):
                return word
    before = [w.casefold() for w in _WORD.findall(around.before)]
    return next((w for w in before if w in _NO), "")
