"""How a voice is heard: `[OC]`, V.O., a narrator, "on TV" say something of the voice and make no other person."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

_DEVICE = (
    r"(?:view ?screen|screen|monitor|tv|t ?v|television|phone|telephone|cell ?phone|radio|intercom|speaker(?: ?phone)?|"
    r"computer|padd|video|tape|machine|answering machine|p ?a|comm?|headset|camera|film|laptop)"
)
KINDS = {  # kind -> what the folded mark of a cue may be, the first that fits counts
    "narrator": r"narrat(?:or|ion|ing|es)|(?:[\w ]+ )?log",
    "thought": r"telepath\w*|think(?:s|ing)|thoughts?|in (?:his|her|their|my) (?:head|mind|thoughts)",
    "device": rf"(?:on|over|from|through|via|by) (?:the |a )?{_DEVICE}|{_DEVICE}|recording|recorded|voice.?mail",
    "off": r"o ?c|c ?o|o ?s|v ?o|voice ?overs?|off(?: ?(?:screen|camera|stage))?|from off ?\w+|unseen|(?:the )?voice|"
    r"голос|за (?:сценой|кулисами|дверью)",
}
_LABELS = (  # kind, the whole of a cue label: whose voice it is
    ("off", r"(?:(?:the )?voice of|голос) (?P<who>.+)"),
    ("device", r"(?P<who>.+?)'?s? (?:voice ?mail|(?:taped |recorded )?recording|answering machine)(?: message)?"),
    ("device", rf"(?P<who>.+?)'?s? (?:voice )?(?:on|over|from) (?:the )?{_DEVICE}"),
    ("off", r"(?P<who>.+?)(?:'s|s'|s)? voice"),
    ("off", r"(?P<who>.+?)(?:,| -)? (?:o\.?c\.?|o\.?s\.?|v\.?o\.?)"),
)
_LONGEST = 80  # letters of a label that is looked at


@lru_cache(maxsize=2**15)  # the few thousand labels of a show are folded again and again
def fold(label: str) -> str:
    """Case and punctuation folded: `fold("MRS. GELLER") == "mrs geller"`."""
    return " ".join(re.sub(r"[^\w\s]", " ", label.replace("'", "")).casefold().split())


class Voices:
    """Reads the marks and labels of one show; `extra` are the manifest's `[voices]`: pattern -> kind."""

    def __init__(self, extra: Mapping[str, str] | None = None) -> None:
        rules = [*((p, kind) for p, kind in (extra or {}).items()), *((p, kind) for kind, p in KINDS.items())]
        self._marks = [(re.compile(p, re.IGNORECASE), kind) for p, kind in rules]
        self._labels = [(re.compile(p, re.IGNORECASE), kind) for kind, p in _LABELS]

    def kind(self, marks: Iterable[str], label: str = "") -> str:
        """`off`, `device`, `narrator`, `thought` or, for a voice in the room, `""`."""
        texts = [fold(m)[:_LONGEST] for m in marks]
        for pattern, kind in self._marks:
            if any(pattern.fullmatch(text) for text in texts):
                return kind
        if fold(label) in {"narrator", "narration"}:
            return "narrator"
        split = self.split(label)
        return split[1] if split else ""

    def split(self, label: str) -> tuple[str, str] | None:
        """`("Janice", "off")` for `Janice's Voice`; None for a label that names no voice."""
        if len(label) <= _LONGEST:
            for pattern, kind in self._labels:
                if match := pattern.fullmatch(label.strip()):
                    return match["who"], kind
        return None
