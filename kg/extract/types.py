"""What is read off one line: a statement, before anything is counted, dated or believed."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Statement:
    """One triple that a line states or takes for granted.

    `subject` and `object` are node ids; `object` is the literal itself where `literal` is true ("" with negative
    polarity: there is none). Inverse relations are turned to one direction (`parent_of`, never `child_of`).
    """

    subject: str
    relation: str
    object: str
    polarity: bool = True
    tense: Literal["past", "present"] = "present"
    start: int = 0  # character offsets of the words it was read off
    end: int = 0
    rule: str = ""  # which rule read it, with "+you", "+pronoun" where somebody had to be resolved
    literal: bool = False
    text: str = ""  # these words
    gendered: tuple[str, str] = ("", "")  # (node id, gender) that the wording implies: "my sister Monica" -> female
    names: tuple[tuple[str, str, str], ...] = ()  # (id, name, type) of ends that are outside the cast

    @property
    def span(self) -> str:
        """The words it was read off."""
        return self.text
