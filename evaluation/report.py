"""Tables of README.md, REPORT.md and REPORT.ru.md, rendered from `evaluation/results/*.json` between markers.

    <!-- table:factcheck --> … <!-- /table -->

`python -m evaluation report` renders; with `check=True` nothing is written and the stale files are named.
"""

import json
import re
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from evaluation import parsing_tables, report_russian
from evaluation.checker import PARTS
from evaluation.report_translation import translation
from parsing.errors import BadFile, NotFound
from parsing.files import replacing
from parsing.manifest import ROOT

RESULTS = ROOT / "evaluation" / "results"
DOCUMENTS = {"README.md": "", "REPORT.md": "", "REPORT.ru.md": "ru"}  # and the language of their tables, if another
_MARK = re.compile(r"(<!-- table:(?P<name>[\w-]+) -->\n)(?:(?!<!-- table:).)*?(<!-- /table -->)", re.DOTALL)


def result(name: str) -> Any:
    """One result file. Raises `NotFound` naming it."""
    path = RESULTS / f"{name}.json"
    if not path.is_file():
        raise NotFound(f"no result {path.relative_to(ROOT)}: run `make evaluate`")
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise BadFile(f"{path.relative_to(ROOT)}: not JSON ({error}); run `make evaluate`") from None


def is_measured(name: str) -> bool:
    """Whether there is a result file of this name."""
    return (RESULTS / f"{name}.json").is_file()


def measured(folder: str) -> list[str]:
    """The names of the results in a folder of results, sorted."""
    return sorted(path.stem for path in (RESULTS / folder).glob("*.json"))


def percent(share: Mapping[str, Any]) -> str:
    """As in `87.5 % (81.0 to 92.0)`."""
    return f"{100 * share['share']:.1f} % ({100 * share['low']:.1f} to {100 * share['high']:.1f})"


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table, first column left, the others right."""
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def copying() -> str:
    """Copying on made-up facts."""
    found = result("copying")
    kinds = {kind: kind.replace("_", " ") for kind in ("fact", "two_hop", "false", "absent")}
    kinds["say"] = "a given sentence said"
    rows = [[label, *(percent(found[f"{kind}_{n}"]) for n in (1, 5, 10))] for kind, label in kinds.items()]
    rows.append(["fact, without triples", percent(found["fact_without_triples"]), "", ""])
    return table(["kind", "1 distractor", "5", "10"], rows)


def checker() -> str:
    """The checker against hand-made labels."""
    found = result("checker")
    rows = [
        [
            p,
            f"{100 * found[p]['balanced_accuracy']:.1f} %",
            percent(found[p]["accuracy"]),
            f"{100 * found[p]['baseline_always_answers']:.1f} %",
        ]
        for p in PARTS
        if p in found
    ]
    return table(["labels", "balanced accuracy", "accuracy", "always `answers`"], rows)


def _of(module: str, function: str, *results: str) -> Callable[[], str]:
    """A table of another module of this room, made of these result files when it is rendered."""

    def rendered() -> str:
        made: str = getattr(import_module(f"evaluation.{module}"), function)(*(result(name) for name in results))
        return made

    return rendered


def _where_measured(module: str, function: str, name: str, command: str) -> Callable[[], str]:
    """A table of one result file; where that isn't there yet, the command that writes it."""

    def rendered() -> str:
        if not is_measured(name):
            return f"*Not measured yet: `{command}`.*\n"
        return _of(module, function, name)()

    return rendered


def russian_relations() -> str:
    """Relations of the Russian plays against their headers."""
    return report_russian.relations(result("russian"), table, percent)


def russian_names() -> str:
    """Russian names, and the checker on Russian replies."""
    return report_russian.names(result("russian"), table, percent)


def seagull() -> str:
    """The fact-check of the Russian show."""
    runs = {"first run": "first", "extracted alone": "extracted", "with corrections": "curated"}
    found = {label: result(f"factcheck-chaika-{run}") for label, run in runs.items()}
    return report_russian.seagull(found, table, percent)


def exchange() -> str:
    """What each export brings back, and what cards of a season tell of later ones."""
    found = result("exchange-friends")
    yes_no = {True: "yes", False: "no"}
    rows = [
        [
            row["format"], f"{row['bytes'] / 2**20:.1f}", f"{100 * row['recall']:.1f} %",
            f"{100 * row['precision']:.1f} %", yes_no[row["same_bytes"]],
        ]
        for row in found["formats"]
    ]  # fmt: skip
    formats = table(["format", "MiB", "recall", "precision", "equal bytes again"], rows)
    rows = [
        [row["as_of"], f"{row['later_facts']:,}", f"{row['texts']:,}", str(row["names"]), str(row["claims"])]
        for row in found["editions"]
    ]
    return formats + "\n" + table(["cards up to", "later facts", "texts", "later names", "later statements"], rows)


TABLES: dict[str, Callable[[], str]] = {
    **{name: _of("factcheck_tables", name) for name in ("factcheck", "conduct", "unseen", "road", "examples")},
    **{name: _of("graph_tables", name) for name in ("speakers", "merges", "graph", "precision", "harbor")},
    **{name: _of("retrieval_tables", name) for name in ("retrieval", "losses", "linking", "verification", "scale")},
    "reading": _of("retrieval_tables", "reading"),
    "copying": copying, "checker": checker, "exchange": exchange,
    "russian-relations": russian_relations, "russian-names": russian_names, "seagull": seagull,
    **{name: _of("parsing_tables", table.__name__, "parsing") for name, table in parsing_tables.TABLES.items()},
    **{name: _of("extraction_tables", name) for name in ("reliability", "recall", "missed", "reference", "ways")},
    **{name: _of("dialogue_tables", name) for name in ("pipeline", "mentions", "moments", "dialogre")},
    "dialogre-missed": _of("dialogue_tables", "dialogre_missed"),
    "dialogre-relations": _of("dialogue_tables", "dialogre_relations"),
    "addressees": _of("scene_tables", "addressee_table", "addressees"),
    "confidence": _of("scene_tables", "confidence_table", "addressees"),
    "presence": _of("scene_tables", "presence_table", "addressees"),
    "scene-labels": _of("scene_tables", "labels_table", "addressees"),
    "two-people": _of("scene_tables", "shows_table", "addressees"),
    "personas": _where_measured("persona_tables", "personas", "personas-friends",
                                "python -m evaluation personas friends"),
    "trivia": _where_measured("persona_tables", "trivia", "trivia", "python -m evaluation trivia friends"),
    "generated": _of("persona_tables", "generated", "generated"),
    "friendsqa": _of("friendsqa", "rendered", "friendsqa"),
    "checker-baselines": _of("checker_baselines", "rendered", "checker"),
}  # fmt: skip


def render(text: str, where: str, language: str = "") -> str:
    """The document with every table rendered anew, in a language of `evaluation/report_*.toml` or in English.

    Raises `BadFile` for a mark without an end or of no table, and for a label that has no translation.
    """
    begun, ended, whole = text.count("<!-- table:"), text.count("<!-- /table -->"), len(_MARK.findall(text))
    if not begun == ended == whole:
        raise BadFile(f"{where}: {begun} marks <!-- table:… -->, {ended} <!-- /table -->, {whole} that belong together")

    def one(match: re.Match[str]) -> str:
        if match["name"] not in TABLES:
            raise BadFile(f"{where}: no table '{match['name']}'; there are {', '.join(TABLES)}")
        made = TABLES[match["name"]]()
        if language:
            made = translation(language).rendered(made, match["name"])
        return f"{match[1]}{made}{match[3]}"

    return _MARK.sub(one, text)


def render_all(check: bool = False) -> list[str]:
    """Render all documents; returns the names of those that changed (with `check`, would change)."""
    changed = []
    for name, language in DOCUMENTS.items():
        path = ROOT / name
        if not path.is_file():
            raise NotFound(f"no {name} to render tables into")
        before = path.read_text(encoding="utf-8")
        after = render(before, name, language)
        if after != before:
            changed.append(name)
            if not check:
                with replacing(path) as temporary:
                    temporary.write_text(after, encoding="utf-8")
    return changed
