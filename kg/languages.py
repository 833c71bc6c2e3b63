"""Which components read and word a show: picked by the language of its manifest, imported when they are needed.

One interface for all languages. English stands in `kg` itself; Russian in `kg.russian`.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from parsing.errors import BadManifest
from parsing.manifest import Show

if TYPE_CHECKING:
    from kg.extract.mentions import Evidence, Line, Names
    from kg.graph import Graph
    from kg.russian.verification import RussianVerifier
    from kg.types import Answer, Ask
    from kg.verification import Verifier

Extractor = Callable[[Show, "Sequence[Line]", "Names", str, int, bool], "list[Evidence]"]
RUSSIAN = "ru"
LANGUAGES = ("en", RUSSIAN)


def extractor(show: Show) -> Extractor:
    """What reads the evidence off a show's lines: `read_evidence(show, lines, names, model, processes, cache)`.

    Raises `BadManifest` for a language that nothing here reads.
    """
    if show.language == RUSSIAN:
        from kg.russian.extraction import read_evidence

        return read_evidence
    if show.language == "en":
        from kg.reading import read_evidence as english

        return english
    raise BadManifest(
        f"{show.folder / 'show.toml'}: language '{show.language}' is read by nothing here; known: {LANGUAGES}"
    )


def wording(language: str) -> "Callable[[Graph, Ask, Answer, str], str]":
    """What says an answer: `answer_sentence(graph, ask, answer, persona)`."""
    if language == RUSSIAN:
        from kg.russian.wording import answer_sentence as russian

        return russian
    from kg.wording import answer_sentence

    return answer_sentence


def verifier(graph: "Graph", show: Show) -> "Verifier | RussianVerifier":
    """What checks replies: `check(reply, speaker_id, asks)`."""
    if show.language == RUSSIAN:
        from kg.russian.verification import RussianVerifier

        return RussianVerifier(graph, show)
    from kg.verification import Verifier

    return Verifier(graph, show)
