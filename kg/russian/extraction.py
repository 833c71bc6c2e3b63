"""Extraction for shows in Russian, behind the interface of `kg.languages.Extractor`.

What it reads: the list of persons (`build/<show>/cast_list.csv`, written by `python -m parsing`) and the utterances.
Never the header's `listRelation`: that is the gold it is measured against (`python -m evaluation russian`).
"""

from collections.abc import Collection, Sequence

from kg.extract.mentions import Evidence, Line, Names
from kg.extract.types import Statement
from kg.graph import node_id
from kg.russian.declension import fold
from kg.russian.entries import owners_of
from kg.russian.family import against, concluded
from kg.russian.kin import kin
from kg.russian.listed import Listed, read_cast_list
from kg.russian.people import CastNames
from kg.russian.speech import speech_evidence
from kg.russian.traits import traits
from parsing.cast_list import CastEntry, load_cast_list
from parsing.commands import say
from parsing.episodes import code
from parsing.manifest import Show

SOURCES = ("list", "speech")


def read_evidence(
    show: Show, lines: Sequence[Line], names: Names, model: str, processes: int, cache: bool
) -> list[Evidence]:
    """All that list and lines say, before it is weighed; `names`, `model`, `processes`, `cache` are English's."""
    return evidence_from(show, lines, load_cast_list(show), SOURCES)


def evidence_from(
    show: Show, lines: Sequence[Line], entries: Sequence[CastEntry], sources: Collection[str] = SOURCES
) -> list[Evidence]:
    """The evidence of the named sources: "list" (of persons), "speech"."""
    cast = CastNames(show.cast)
    listed = read_cast_list([*entries, *_called_by_kin(show)], cast)
    found: list[Evidence] = []
    said = speech_evidence(lines, cast) if "speech" in sources else []
    if "list" in sources:
        listed += [*concluded(listed, cast, owners_of(entries, cast)), *traits(entries, cast)]
        found += [_of_list(one, entries, lines) for one in listed]
    else:
        listed = []
    found += [e for e in said if not _against(e.statement, listed, cast)]
    say(f"kg: {len(found)} statements of kin in {len(entries)} entries of the list of persons and {len(lines)} lines")
    return [e for e in found if _alive(e.statement, cast)]


def _called_by_kin(show: Show) -> list[CastEntry]:
    """Who is called by a relation ("Жена Коробкина") is an entry of the list by that name."""
    return [CastEntry(m.name) for m in show.cast if fold(m.name.split()[0]) in kin().nouns and " " in m.name]


def _against(statement: Statement, listed: Sequence[Listed], cast: CastNames) -> bool:
    called = statement.rule.startswith("kin_address")
    return called and against(statement.relation, statement.subject, statement.object, listed, cast)


def _alive(statement: Statement, cast: CastNames) -> bool:
    ends = {statement.subject} if statement.literal else {statement.subject, statement.object}
    return ends <= set(cast.genders) and (statement.literal or len(ends) == 2)


def _of_list(one: Listed, entries: Sequence[CastEntry], lines: Sequence[Line]) -> Evidence:
    """The list as line 0 of the first scene; what it says is known to all who are on stage with one of the two."""
    there = tuple(
        sorted({p for line in lines for p in line.present if {one.subject, one.object} & {*line.present, line.speaker}})
    )
    number = max(one.entry, 0)
    text = entries[number].item if number < len(entries) else one.words
    first = code(1, 1)
    line = Line(f"{first}.00.{number + 1:03d}", first, 0, "", (), there, text, (), "")
    statement = Statement(
        one.subject, one.relation, one.object, rule=one.rule, literal=one.literal, text=one.words,
        gendered=one.gendered,
    )  # fmt: skip
    return Evidence(statement, line)


def cast_ids(show: Show) -> dict[str, str]:
    """The ids by which a source names people (TEI's xml:id) -> node ids."""
    return {label[1:]: node_id(member.name) for member in show.cast for label in member.labels if label.startswith("#")}
