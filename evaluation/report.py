"""Tables and figures of README.md and REPORT.md, rendered from `evaluation/results/*.json` between markers.

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
from parsing.errors import BadFile, NotFound
from parsing.files import replacing
from parsing.manifest import ROOT

RESULTS = ROOT / "evaluation" / "results"
DOCUMENTS = ("README.md", "REPORT.md")
_MARK = re.compile(r"(<!-- table:(?P<name>[\w-]+) -->\n)(?:(?!<!-- table:).)*?(<!-- /table -->)", re.DOTALL)
KINDS = ("fact", "future", "unknown", "false")
CONFIGURATIONS = {
    "factcheck-friends-no-graph": "the model alone, no graph",
    "factcheck-friends-extracted": "extracted graph",
    "factcheck-friends-curated": "extracted graph and corrections",
    "factcheck-friends-baseline-abstain": "baseline: always abstains",
    "factcheck-friends-baseline-deny": "baseline: always denies",
    "factcheck-friends-baseline-echo": "baseline: repeats the question",
    "factcheck-friends-baseline-names": "baseline: says every name",
}


UNSEEN = {
    "factcheck-friends-test-no-graph": "Friends, test episodes: the model alone",
    "factcheck-friends-test-extracted": "Friends, test episodes: extracted graph",
    "factcheck-friends-test-curated": "Friends, test episodes: with corrections",
    "factcheck-friends-core-curated": "Friends, what anybody asks: with corrections",
    "factcheck-friends-core2-curated": "Friends, the same by another writer",
    "factcheck-friends-talks-curated": "Friends, the last turn of a conversation",
    "factcheck-friends-attacks-curated": "Friends, attacks",
    "factcheck-harbor_lights-extracted": "Harbor Lights: extracted graph",
    "factcheck-harbor_lights-curated": "Harbor Lights: with corrections",
}


MADE = {  # questions made from graphs; rows where they have been asked
    "factcheck-friends-generated": "Friends, made from its graph",
    "factcheck-harbor_lights-generated": "Harbor Lights, made from its graph",
    "factcheck-the_office-generated": "The Office, made from its extracted graph",
}


def result(name: str) -> Any:
    """One result file. Raises `NotFound` naming it."""
    path = RESULTS / f"{name}.json"
    if not path.is_file():
        raise NotFound(f"no result {path.relative_to(ROOT)}: run `make evaluate`")
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise BadFile(f"{path.relative_to(ROOT)}: not JSON ({error}); run `make evaluate`") from None


def percent(share: Mapping[str, Any]) -> str:
    """As in `87.5 % (81.0 to 92.0)`."""
    return f"{100 * share['share']:.1f} % ({100 * share['low']:.1f} to {100 * share['high']:.1f})"


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table, first column left, the others right."""
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def _scores(configurations: Mapping[str, str]) -> str:
    """The four scores of some results, by their file's name, with what each is called."""
    rows = []
    for name, label in configurations.items():
        scores = result(name)["scores"]
        rows.append([label, *(percent(scores["kinds"][k]) for k in KINDS), percent(scores["macro"])])
    return table(["", *KINDS, "mean of the four"], rows)


def factcheck() -> str:
    """The four scores of every configuration."""
    return _scores(CONFIGURATIONS)


def unseen() -> str:
    """The same on questions nobody looked at: Friends' test episodes, Harbor Lights, and what was made from graphs."""
    return _scores(UNSEEN | {name: label for name, label in MADE.items() if (RESULTS / f"{name}.json").is_file()})


def road() -> str:
    """The stages of the work, each with the scores it had on the development questions."""
    rows = []
    for path in sorted((RESULTS / "road").glob("*.json")):
        found = result(f"road/{path.stem}")
        shares = [f"{100 * found['scores']['kinds'][k]['share']:.0f} %" for k in KINDS]
        rows.append([f"{path.stem.split('-')[0]}. {found['label']}", *shares, percent(found["scores"]["macro"])])
    return table(["", *KINDS, "mean of the four"], rows)


def conduct() -> str:
    """What is counted beside the scores."""
    names = [n for n in CONFIGURATIONS if "baseline" not in n]
    scores = {CONFIGURATIONS[n]: result(n)["scores"] for n in names}
    keys = {
        "leaks": "future questions with a leak",
        "answered": "questions for facts that were answered",
        "abstained_though_asked_for_facts": "questions for facts that were abstained on",
        "contradicted_claims": "claims that the graph contradicts",
        "rests_on_curated": "right answers to facts that rest on a curated fact",
        "agrees_with_verdict": "the bot's own verdict agrees with the checker on abstaining",
    }
    rows = [[label, *(percent(s[key]) for s in scores.values())] for key, label in keys.items()]
    if all("claims" in s for s in scores.values()):  # results of before claims were read off replies have none
        judged = (s["claims"]["precision"] for s in scores.values())
        rows.append(["claims read off replies: supported, of those that the graph can judge", *map(percent, judged)])
    rows.append(["ways", *(", ".join(f"{k} {v}" for k, v in s["ways"].items()) or "–" for s in scores.values())])
    return table(["", *scores], rows)


def speakers() -> str:
    """Whose the lines of each show are, and what became of its labels."""
    rows = []
    for show, found in result("merges")["shows"].items():
        lines, labels = found["lines"], found["labels"]
        shares = [f"{100 * found[key]:.1f} %" for key in ("attributed", "named", "canonical", "canonical_of_named")]
        counts = [f"{lines['role']:,}", f"{lines['nobody']:,}", f"{labels['as written']:,}"]
        rows.append([f"`{show}`", *shares, *counts, f"{labels['canonical']:,} + {labels['local']:,}"])
    head = ["attributed", "named", "people of the show", "the same without roles", "role lines", "nobody's", "labels"]
    return table(["", *head, "people + local"], rows)


def merges() -> str:
    """Labelled merges, draw by draw."""
    names = {"first": "first draw", "fresh": "second draw, shows unseen before"}
    names |= {"third": "third draw, guests in episodes apart among them"}
    names |= {"fourth": "fourth draw", "fifth": "fifth draw", "final": "last draw"}
    draws = {drawn: result("merges")[drawn] for drawn in names}
    rows = [[names[drawn], str(d["all"]["of"]), percent(d["all"])] for drawn, d in draws.items()]
    fresh = draws["final"]["not_before"]
    rows.append(["– not in an earlier draw", str(fresh["of"]), percent(fresh)])
    for reason, share in draws["final"]["by_reason"].items():
        rows.append([f"– {reason}", str(share["of"]), percent(share)])
    if draws["final"]["agreement"]["of"]:
        same = draws["final"]["agreement"]
        rows.append([f"second reading agrees (kappa {same['kappa']:.2f})", str(same["of"]), percent(same)])
    return table(["merges", "labelled", "right"], rows)


def graph() -> str:
    """Facts of each relation in the shipped Friends graph."""
    found = result("graph")
    rows = [[r, str(c["extracted"]), str(c["curated"])] for r, c in found["relations"].items()]
    return table(["relation", "extracted", "curated"], [*rows, ["all", str(found["extracted"]), str(found["curated"])]])


def precision() -> str:
    """Labelled facts."""
    found = result("extraction-friends")
    rows = [["extracted", percent(found["extracted"]), str(found["extracted"]["of"])]]
    rows += [[f"extracted, {s}", percent(v), str(v["of"])] for s, v in found["by_split"].items()]
    if "dropped" in found:
        rows.append(["no longer extracted", percent(found["dropped"]), str(found["dropped"]["of"])])
    rows.append(["curated", percent(found["curated"]), str(found["curated"]["of"])])
    rows.append(["notes", percent(found["notes"]), str(found["notes"]["of"])])
    return table(["facts", "right", "labelled"], rows)


def harbor() -> str:
    """The mini-series' extracted graph against its gold facts."""
    found = result("extraction-harbor_lights")
    names = {
        "recall": "gold facts found",
        "recall_with_implied": "found, implied ones included",
        "precision": "extracted facts in the gold file",
    }
    names |= {"revealed_right": "`revealed` right", "since_right": "`since` right", "until_right": "`until` right"}
    return table(["", "share"], [[label, percent(found[key])] for key, label in names.items()])


def copying() -> str:
    """Copying on made-up facts."""
    found = result("copying")
    rows = [
        [kind.replace("_", " "), *(percent(found[f"{kind}_{n}"]) for n in (1, 5, 10))]
        for kind in ("fact", "two_hop", "false", "absent")
    ]
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


def retrieval() -> str:
    """The needed facts among the first five, beside the baselines."""
    rows = []
    for show, found in result("retrieval")["shows"].items():
        for name, scores in found["rankers"].items():
            rows.append(
                [
                    f"{show}: {name}",
                    percent(scores["recall_at_1"]),
                    percent(scores["recall_at_5"]),
                    f"{scores['mrr']:.3f}",
                ]
            )
    return table(["needed facts that the persona may say", "first", "among five", "mean reciprocal rank"], rows)


def losses() -> str:
    """Where needed facts are lost between the message and the reply's plan."""
    shows = result("retrieval")["shows"]
    steps = next(iter(shows.values()))["steps"]
    return table(
        ["needed facts that are …", *shows],
        [[s, *(str(f["steps"][s]["reached"]) for f in shows.values())] for s in steps],
    )


def linking() -> str:
    """Messages linked rightly, beside two simple ways."""
    rows = [
        [name, percent(w["right"]), *(f"{100 * w[k]['share']:.1f} %" for k in ("precision", "recall"))]
        + [f"{w['microseconds'][p]:,.0f}" for p in ("p50", "p99")]
        for name, w in result("linking")["ways"].items()
    ]
    return table(["", "messages right", "precision", "recall", "µs p50", "µs p99"], rows)


def verification() -> str:
    """Labelled replies by the verifier and by names alone."""
    found = result("verification")
    rows = [
        [f"{part}: {name}", f"{100 * v['balanced_accuracy']:.1f} %", str(v["contradicted_called_supported"]["hits"])]
        + [f"{v['confusion'][c][c]}/{sum(v['confusion'][c].values())}" for c in sorted(v["confusion"])]
        for part in ("dev", "test")
        for name, v in found[part].items()
    ]
    head = ["", "balanced accuracy", "contradicted, called supported", "contradicted", "supported", "unverifiable"]
    return table(head, rows)


def scale() -> str:
    """Time of linking and retrieval by the size of the graph."""
    found = result("scale")
    rows = []
    for kind, sizes in found["microseconds"].items():
        for n, steps in sizes.items():
            made = found["sizes"][n]
            times = [f"{steps[step][p]:,.0f}" for step in ("link", "retrieve", "both") for p in ("p50", "p99")]
            rows.append([f"{kind}, {int(n):,} facts", *times, f"{made['mebibytes']:,.0f}"])
    head = ["", *(f"{step} {p}" for step in ("link", "retrieve", "both") for p in ("p50", "p99")), "MiB"]
    return table(head, rows)


def examples() -> str:
    """Questions with the replies as they came, their facts and verdicts."""
    rows = []
    for found in result("examples"):
        facts = "; ".join(
            f"{f['subject']} – {f['relation'].replace('_', ' ')} – {f['object']} ({_time(f)})" for f in found["facts"]
        )
        who = f"{found['persona'].split()[0]}, {found['as_of']}"
        cells = (who, found["question"], found["reply"], found["verdict"], facts or "–")
        rows.append("| " + " | ".join(_cell(text) for text in cells) + " |")
    return "\n".join(["| asked, as of | question | reply | verdict | facts |", "|---|---|---|---|---|", *rows]) + "\n"


def _cell(text: str) -> str:
    """Text that stays in one cell of a Markdown table and is shown as it is."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")


def _time(fact: Mapping[str, Any]) -> str:
    since = "" if fact["since"] in {None, "before"} else f"since {fact['since']}, "
    until = f"until {fact['until']}, " if fact["until"] else ""
    return f"{since}{until}revealed {fact['revealed']}"


def _of(module: str, function: str, *results: str) -> Callable[[], str]:
    """A table of another module of this room, made of these result files when it is rendered."""

    def rendered() -> str:
        made: str = getattr(import_module(f"evaluation.{module}"), function)(*(result(name) for name in results))
        return made

    return rendered


def _where_measured(module: str, function: str, name: str, command: str) -> Callable[[], str]:
    """A table of one result file; where that isn't there yet, the command that writes it."""

    def rendered() -> str:
        if not (RESULTS / f"{name}.json").is_file():
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
    "factcheck": factcheck, "conduct": conduct, "graph": graph, "precision": precision, "harbor": harbor,
    "unseen": unseen, "road": road, "copying": copying, "checker": checker, "examples": examples,
    "russian-relations": russian_relations, "russian-names": russian_names, "seagull": seagull,
    "speakers": speakers, "merges": merges,
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
    "retrieval": retrieval, "losses": losses, "linking": linking, "verification": verification, "scale": scale,
    "exchange": exchange,
    "personas": _where_measured("persona_tables", "personas", "personas-friends",
                                "python -m evaluation personas friends"),
    "trivia": _where_measured("persona_tables", "trivia", "trivia", "python -m evaluation trivia friends"),
    "generated": _of("persona_tables", "generated", "generated"),
    "friendsqa": _of("friendsqa", "rendered", "friendsqa"),
    "checker-baselines": _of("checker_baselines", "rendered", "checker"),
}  # fmt: skip


def render(text: str, where: str) -> str:
    """The document with every table rendered anew. Raises `BadFile` for a mark without an end or of no table."""
    begun, ended, whole = text.count("<!-- table:"), text.count("<!-- /table -->"), len(_MARK.findall(text))
    if not begun == ended == whole:
        raise BadFile(f"{where}: {begun} marks <!-- table:… -->, {ended} <!-- /table -->, {whole} that belong together")

    def one(match: re.Match[str]) -> str:
        if match["name"] not in TABLES:
            raise BadFile(f"{where}: no table '{match['name']}'; there are {', '.join(TABLES)}")
        return f"{match[1]}{TABLES[match['name']]()}{match[3]}"

    return _MARK.sub(one, text)


def render_all(check: bool = False) -> list[str]:
    """Render all documents; returns the names of those that changed (with `check`, would change)."""
    changed = []
    for name in DOCUMENTS:
        path = ROOT / name
        if not path.is_file():
            raise NotFound(f"no {name} to render tables into")
        before = path.read_text(encoding="utf-8")
        after = render(before, name)
        if after != before:
            changed.append(name)
            if not check:
                with replacing(path) as temporary:
                    temporary.write_text(after, encoding="utf-8")
    return changed
