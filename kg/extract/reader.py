"""The rules that read statements off one parsed line; the same for transcripts and for a bot's replies."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from kg.extract.events import event_statements
from kg.extract.journeys import journey_statements
from kg.extract.kin import kin_statements
from kg.extract.modality import doubtful
from kg.extract.naming import naming_statements
from kg.extract.people import People
from kg.extract.states import state_statements
from kg.extract.tastes import taste_statements
from kg.extract.things import thing_statements
from kg.extract.types import Statement
from kg.graph import node_id

if TYPE_CHECKING:
    from spacy.tokens import Doc

RULES: tuple[Callable[["Doc", People], Iterator[Statement]], ...] = (
    kin_statements,
    state_statements,
    thing_statements,
    taste_statements,
    naming_statements,
    journey_statements,
)


def statements(
    doc: "Doc",
    speaker: str,
    addressee: str | None = None,
    *,
    episode: str = "",
    pronouns: Mapping[str, str] | None = None,
    genders: Mapping[str, str] | None = None,
) -> list[Statement]:
    """The statements of a line, in the order of the words.

    Args:
        doc: the line, parsed by `kg.pipeline.load_pipeline`.
        speaker: name or node id of "I".
        addressee: name or node id of "you"; without one nothing is read off "you".
        episode: tells people of one name apart.
        pronouns: gender -> node id that "she" and "he" stand for, where the line itself names nobody.
        genders: node id -> gender, for the same.

    """
    people = People(doc, node_id(speaker or ""), node_id(addressee or ""), episode, pronouns or {}, genders or {})
    return read(doc, people)


def read(doc: "Doc", people: People) -> list[Statement]:
    """`statements` with the people of the line made out already."""
    doubt = doubtful(doc.text)
    found: dict[tuple[str, str, str, bool], Statement] = {}
    for rule in RULES:
        for s in rule(doc, people):
            if (doubt and not s.rule.startswith(("possessive", "name_of"))) or s.subject == s.object or not s.subject:
                continue
            if doc.text[: s.end].count('"') % 2:
                continue  # in a quotation, the words are another's
            found.setdefault((s.subject, s.relation, s.object, s.polarity), s)
    return sorted(found.values(), key=lambda s: (s.start, s.relation, s.object))


def happened(doc: "Doc", people: People) -> list[Statement]:
    """The events that a line tells: relation `event:<kind>`, subject the agent, object the patient ("" for nobody)."""
    return [] if doubtful(doc.text) else list(event_statements(doc, people))
