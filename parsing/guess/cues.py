"""How a script marks who speaks: known forms of cues, tried on the lines and weighed by labels that come again."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from parsing.readers.script import ScriptOptions
from parsing.voices import fold

_NAME = r"[^\W\d_][\w.,'&/# -]{0,48}?"
_SHORT = r"[^\W\d_][\w.' -]{0,30}?"
_CAPS = r"[^\W\d_a-zа-яёß-ÿ][^\W_a-zа-яёß-ÿ]+(?:[ .,'&/#-]+[^\W_a-zа-яёß-ÿ]+){0,4}\.?"
_ASIDE = r"(?:\s*[(\[][^)\]]{0,80}[)\]])?"
_TIME = r"[(\[]?\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d+)?[)\]]?\s*(?:-\s*)?"
ENOUGH = 0.15  # share of the lines below which a form is no finding


@dataclass(frozen=True)
class Form:
    """A form of cues as options of a script."""

    shown: str
    cue: str
    colon: str = ":"
    once: float = 0.1  # what a line counts whose label comes only once
    weight: float = 1.0

    @property
    def pattern(self) -> re.Pattern[str]:
        """As `ScriptParser` compiles it."""
        cue = self.cue if "(?P<label>" in self.cue else f"(?P<label>{self.cue})"
        return re.compile(rf"{cue}\s*(?:{self.colon})\s*(?P<rest>.*)")


FORMS = (  # among equals the first
    Form("NAME :: text", ScriptOptions.cue, "::", once=0.5),
    Form("00:00 NAME: text", rf"{_TIME}(?P<label>{_NAME}{_ASIDE})", once=0.5),
    Form("**NAME:** text", r"\*\*(?P<label>[^*:]{1,48})", r"\*\*\s*:|:\s*\*\*", once=0.5),
    Form("- NAME: text", rf"[-*>#]+\s*(?P<label>{_NAME}{_ASIDE})", once=0.5),
    Form("NAME: text", ScriptOptions.cue, once=0.5),
    Form("<NAME> text", r"<(?P<label>[^<>]{1,48})>", ":?"),
    Form("[NAME] text", r"\[(?P<label>[^\W\d_][^\]:]{0,40})\](?=\s*:?\s*\S)", ":?"),
    Form("NAME says: text", _SHORT + _ASIDE, r"\s(?:says?|said|asks|asked)\s*[,:]"),
    Form("NAME - text", _SHORT + _ASIDE, r"(?<=\s)-+>?(?=\s)"),
    *(Form(f"NAME {s} text", _SHORT + _ASIDE, re.escape(s)) for s in ("=>", ">>", "->", "|", ">", "=", "~", ";", "/")),
    Form(
        "(sign)NAME(sign) text",
        r"[^\w\s]{1,4}\s*(?P<label>" + _SHORT + r")\s*(?=[^\w\s]+.*\w)",  # `(The door opens.)` is no cue
        r"[^\w\s'!?.,-]{1,4}",
    ),
    Form("NAME. text", _CAPS + _ASIDE, r"(?<=\.)|\.(?=\s)", weight=0.95),
    Form("NAME, the text below", _CAPS + _ASIDE, "$", weight=1.7),
    Form("Name, the text below", r"[^\W\d_][\w'-]+(?: [^\W\d_][\w'-]+)?", "$", once=0, weight=1.2),
    Form("NAME text", _CAPS, r"(?=\s)", weight=0.8),
)
UNKNOWN = Form("unknown", r"(?P<label>[^\W\d_][\w ]*):", "")


@dataclass
class Cues:
    """The form found, and how well it fits."""

    form: Form
    lines: int = 0
    matched: int = 0
    labels: Counter[str] = field(default_factory=Counter)
    score: float = 0.0
    small: bool = False  # labels begin with small letters

    @property
    def sure(self) -> bool:
        """Is the form a finding?"""
        return self.score >= ENOUGH


def find_cues(lines: Sequence[str]) -> Cues:
    """The form of cues that fits the lines (typewriter signs, white space folded) best."""
    found = [_tried(form, lines) for form in FORMS]
    best = max(found, key=lambda cues: cues.score, default=Cues(UNKNOWN))
    return best if best.sure else Cues(UNKNOWN, len(lines), labels=_capitals(lines))


def _tried(form: Form, lines: Sequence[str]) -> Cues:
    pattern = form.pattern
    labels = [m["label"].strip() for line in lines if (m := pattern.match(line)) is not None]
    often = Counter(fold(re.sub(r"[(\[].*", "", label)) for label in labels)
    seen = Counter(re.sub(r"\s*[(\[].*", "", label) for label in labels)
    points = sum((1.0 if n > 1 else form.once) * n for label, n in often.items() if label and len(label.split()) <= 5)
    small = sum(n for label, n in seen.items() if label[:1].islower()) > len(labels) / 2
    if small:  # prose has small letters before its signs too: names come again and again
        points = (
            sum(n for label, n in often.items() if n > 2 or len(lines) < 20) if len(often) <= 0.7 * len(labels) else 0
        )
    if form.once < 0.5 and len(often) < 2:
        points = 0  # one name alone is chance
    score = form.weight * points / max(1, len(lines))
    return Cues(form, len(lines), len(labels), seen, score, small)


def _capitals(lines: Sequence[str]) -> Counter[str]:
    """Where no form fits: words with a capital near the beginning of several lines may be names."""
    words = Counter(w for line in lines for w in set(re.findall(r"\b[^\W\d_a-zа-яё]\w+", line[:40])))
    return Counter({word: n for word, n in words.most_common(8) if n > 1})
