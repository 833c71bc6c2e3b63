"""Notes as their persona tells them: "I" and "my" for the name."""

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from kg.english import lemma
from kg.recall import listed

if TYPE_CHECKING:
    from kg.graph import Graph

_WORDS = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_GOES_ON = re.compile(r"\s+(?!(?:and|or|of|in|at|to|for|with|on|about|from|by|as)\b)[a-z]")


def as_said(text: str, speaker: str, genders: "dict[str, str] | None" = None, namesakes: Iterable[str] = ()) -> str:
    """A note as its persona tells it: `as_said("Ross told Phoebe about Phoebe's cat.", "Phoebe") == "Ross told me about
    my cat."`. `namesakes` are whole names of others who share the speaker's first name; they stay.
    """
    last = [re.escape(whole.removeprefix(f"{speaker} ")) for whole in namesakes if whole.startswith(f"{speaker} ")]
    name = re.escape(speaker) + (rf"(?! (?:{'|'.join(last)})\b)" if last else "")
    other = r"(?:(?:Mr|Mrs|Ms|Dr|Aunt|Uncle)\.? )?[A-Z]\w*(?:[.-]\w+)*"
    text = re.sub(
        rf"\b{name}, (?P<o>{other}(?:, {other})*) and (?P<l>{other})\b(?!['’])", rf"\g<o>, \g<l> and {speaker}", text
    )
    own = re.sub(rf"\b{name} and (?P<o>{other})['’]s(?=\s[a-z])", r"\g<o>'s and my", text)  # "Ursula's and my birthday"
    own = re.sub(rf"\b(?P<o>{other}) and {name}['’]s(?=\s)", r"\g<o>'s and my", own)
    own = re.sub(rf"\b{name}['’]s?(?=\s)", "my", own)
    own = re.sub(rf"\b{name} and (?P<o>{other}(?:,? and {other})?)\b(?!['’])", rf"\g<o> and {speaker}", own)
    parts = re.split(rf"\b{re.escape(speaker)}\b{name.removeprefix(re.escape(speaker))}", own)
    out = parts[0]
    for part in parts[1:]:
        out += ("I" if _is_subject(out, part) else "me") + part
    told = _once(_conjugated(out), genders or {})
    return told[:1].upper() + told[1:]


_PRESENT = re.compile(
    r"\bI (?P<adverb>\w+ly |always |never |still )?(?P<verb>is|has|doesn['’]t|isn['’]t|hasn['’]t|[a-z]+s)\b"
)
_FIRST = {"is": "am", "has": "have", "doesn't": "don't", "hasn't": "haven't", "was": "was"}


def _conjugated(text: str) -> str:
    """What lasts is noted in the present: "I is a vegetarian" becomes "I am a vegetarian", "I hates" "I hate"."""

    def first(match: re.Match[str]) -> str:
        verb = match["verb"].replace("’", "'")
        if verb == "isn't":
            return f"I'm {match['adverb'] or ''}not"
        known = _FIRST.get(verb) or (lemma(verb) if lemma(verb) != verb else verb)
        return f"I {match['adverb'] or ''}{known}"

    return _PRESENT.sub(first, text)


def _is_subject(before: str, after: str) -> bool:
    """Does a name after `before` begin a clause? Of "X and NAME" the group counts."""
    if before.endswith(", and ") and _GOES_ON.match(after):
        return True  # "… was called Hugsy, and Joey did not want …"
    group = re.sub(r"(?:[A-Z][\w.'-]*(?:, | and |, and ))+$", "", before)
    words = group.split()
    if not words:
        return True
    last = words[-1]
    if last.endswith((",", ";", ":", ".")):
        return re.match(r"\s+[a-z]", after) is not None
    return last.casefold() in listed("clause") and re.match(r"\s+[a-z']", after) is not None


def _once(text: str, genders: "dict[str, str]") -> str:
    """A second "Ross's" of one who is named before, with nobody of the same gender between, is "his"."""
    pronoun = {"female": "her", "male": "his"}
    for name, gender in genders.items():
        if gender not in pronoun or text.count(name) < 2:
            continue
        first = text.index(name)
        rest = text[first + len(name) :]
        others = [n for n, g in genders.items() if g == gender and n != name and n in rest]
        if not others:
            rest = re.sub(rf"\b{re.escape(name)}['’]s?(?=\s)", pronoun[gender], rest)
            text = text[: first + len(name)] + rest
    return text


def genders_of(graph: "Graph", text: str) -> dict[str, str]:
    """First name -> gender of the people that a note names."""
    words: Sequence[str] = [w for w in _WORDS.findall(text) if w[0].isupper()]
    found = {}
    for word in (re.sub(r"'s?$", "", w) for w in words):
        ids = graph.called.get(word, frozenset())
        genders = {graph.gender(i) for i in ids}
        if len(genders) == 1:
            found[word] = genders.pop()
    return found
