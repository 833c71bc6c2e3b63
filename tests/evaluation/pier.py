"""A small show of its own: two sisters, one of whom marries in the second season; facts and questions about them."""

from typing import Any

from app.questions import Question
from kg.graph import fact_id
from kg.types import Fact

MANIFEST = """
id = "pier"
title = "The Pier"
language = "en"
seasons = [3, 2]
[[cast]]
name = "Ann Lee"
persona = true
gender = "female"
[[cast]]
name = "Nora Lee"
persona = true
gender = "female"
[[cast]]
name = "Bob Ray"
gender = "male"
"""


def fact(subject: str, relation: str, object_: str, revealed: str = "S01E01", **more: Any) -> Fact:
    """A fact with evidence in the episode that reveals it, holding since then or since before the series."""
    since = more.pop("since", "before")
    identity = fact_id(subject, relation, object_, more.get("polarity", True), since)
    values = {"evidence": (f"{revealed}.01.001",), "extractor": "pattern"} | more
    return Fact(identity, subject, relation, object_, since=since, revealed=revealed, **values)


def question(id_: str, kind: str, text: str = "Who is your sister?", **more: Any) -> Question:
    """A question to Ann as of the first season's end."""
    return Question(id=id_, kind=kind, persona="Ann Lee", question=text, as_of=more.pop("as_of", "S01E03"), **more)
