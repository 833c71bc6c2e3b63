"""A page to read a run's failures and contradictions by kind: one HTML file, nothing fetched, everything escaped."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from app.questions import KINDS, Question
from evaluation.factcheck import Scored
from parsing.errors import NotFound
from parsing.files import replacing
from parsing.manifest import Show

TEMPLATE = "failures.html"


def write_page(
    path: Path, found: Mapping[str, Any], rows: Sequence[Scored], questions: Sequence[Question], show: Show
) -> None:
    """Write the page of a result (`evaluation.scores.result`); lines of evidence stand there where they are parsed."""
    with replacing(path) as temporary:
        temporary.write_text(page(found, rows, questions, evidence_lines(show, rows)), encoding="utf-8")


def page(
    found: Mapping[str, Any], rows: Sequence[Scored], questions: Sequence[Question], lines: Mapping[str, str]
) -> str:
    """The page as text. `lines` is {utterance id: "speaker: text"} of the evidence that may be shown."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    asked = {q.id: q for q in questions}
    wrong = {kind: [r for r in rows if r.kind == kind and not r.right] for kind in KINDS}
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(TEMPLATE).render(found=found, wrong=wrong, asked=asked, lines=lines, kinds=KINDS)


def evidence_lines(show: Show, rows: Sequence[Scored]) -> dict[str, str]:
    """The lines that facts of failures and contradictions rest on; none where the transcripts aren't parsed here."""
    from parsing.tables import load_utterances

    wanted = set(_evidence(rows))
    try:
        table = load_utterances(show)
    except NotFound:
        return {}
    kept = table[table.id.isin(wanted)]
    said = zip(kept.id, kept.speaker.fillna(kept.speaker_raw), kept.text, strict=True)
    return {str(id_): f"{speaker}: {text}" for id_, speaker, text in said}


def _evidence(rows: Sequence[Scored]) -> Iterable[str]:
    for row in rows:
        for fact in (*row.facts, *(fact for claim in row.read for fact in claim["facts"])):
            yield from fact["evidence"]
