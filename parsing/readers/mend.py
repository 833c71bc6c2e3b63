"""Damage that a transcriber's tools did to a whole file, undone by the manifest: `mend` = pattern -> replacement.

Escapes left of another encoding (`<c2><92>`), one word put for another everywhere (House: "chi" became "Park", within
words too). Patterns are matched with regard to case. What was mended is counted, a line once.
"""

from collections.abc import Mapping

from parsing.readers import Block
from parsing.readers import options as checked

MENDED = "mended by the manifest"  # remark


class Mender:
    """Applies a manifest's `mend` to the lines or cells of one file."""

    def __init__(self, table: Mapping[str, str] | None, where: str) -> None:
        self._rules = [(checked.pattern(p, where, "mend", 0), text) for p, text in (table or {}).items()]
        self.remarks: list[Block] = []

    def __call__(self, text: str, line: int) -> str:
        """The text as it was meant."""
        mended = text
        for pattern, replacement in self._rules:
            mended = pattern.sub(replacement, mended)
        if mended != text:
            self.remarks.append(Block("remark", "", line, why=MENDED))
        return mended
