"""Speech and what stands in brackets in it; typewriter signs for typographic ones."""

import re
from dataclasses import dataclass

_PLAIN = {
    "’": "'",
    "‘": "'",
    "`": "'",
    "´": "'",
    "“": '"',
    "”": '"',
    "…": "...",
    "–": "-",
    "—": "-",
    "\xa0": " ",
    "\xad": "",
}
_ODD = re.compile(f"[{''.join(_PLAIN)}]")  # `str.translate` looks up every letter that is no ASCII
OPENING = "([{<"
_CLOSING = ")]}>"
_MARKS = re.compile(r"([()\[\]{}<>])")
_BEFORE_STOP = re.compile(r"\s+([,.;?!])(?=\s|$)")


@dataclass(frozen=True)
class Split:
    """A text taken apart."""

    speech: str
    directions: tuple[tuple[str, str], ...]  # (the opening bracket, what stands inside)
    left_open: bool = False  # a bracket is never closed: what follows it counts as inside


def plain(text: str) -> str:
    """Typewriter quotes, dashes and dots, white space folded: `plain("it’s…") == "it's..."`."""
    return " ".join(_ODD.sub(lambda sign: _PLAIN[sign[0]], text).split())


def take_directions(text: str) -> tuple[str, tuple[str, ...]]:
    """Split speech from what stands in brackets: `"Hi. (waves) Bye"` gives `("Hi. Bye", ("waves",))`.

    Nested brackets belong to the outer one. A bracket that is never closed is taken up to the end of the text;
    one that was never opened is left out.
    """
    split = split_brackets(text)
    return split.speech, tuple(direction for _, direction in split.directions)


def split_brackets(text: str) -> Split:
    """`take_directions` with the brackets' kind; time linear in the length of `text`."""
    if _MARKS.search(text) is None:
        return Split(_BEFORE_STOP.sub(r"\1", " ".join(text.split())), ())
    spoken: list[str] = []
    inside: list[str] = []
    found: list[tuple[str, str]] = []
    depth, bracket = 0, ""
    for part in _MARKS.split(text):
        if part and part in OPENING:
            bracket = bracket if depth else part
            if depth:
                inside.append(part)
            depth += 1
        elif part and part in _CLOSING:
            depth -= bool(depth)
            if depth:
                inside.append(part)
            elif bracket:
                found.append((bracket, "".join(inside)))
                inside, bracket = [], ""
                spoken.append(" ")
        else:
            (inside if depth else spoken).append(part)
    if depth:
        found.append((bracket, "".join(inside)))
    speech = _BEFORE_STOP.sub(r"\1", " ".join("".join(spoken).split()))
    directions = tuple((b, " ".join(d.split())) for b, d in found if d.strip())
    return Split(speech, directions, depth > 0)
