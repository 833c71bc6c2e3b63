"""Tables and figures of README.md and REPORT.md, rendered from `evaluation/results/*.json` between markers.

    <!-- table:factcheck --> … <!-- /table -->

`python -m evaluation report` renders; with `check=True` nothing is written and the stale files are named.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

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
    "factcheck-harbor_lights-extracted": "Harbor Lights: extracted graph",
    "factcheck-harbor_lights-curated": "Harbor Lights: with corrections",
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
    """The same on questions nobody looked at: Friends' test episodes, and Harbor Lights."""
    return _scores(UNSEEN)


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
    rows.append(["ways", *(", ".join(f"{k} {v}" for k, v in s["ways"].items()) or "–" for s in scores.values())])
    return table(["", *scores], rows)


def parsing() -> str:
    """Main characters' utterances in the two sources."""
    found = result("parsing")
    rows = [
        [name, f"{c['friends']:,}", f"{c['friends_r']:,}", f"{100 * c['difference']:+.2f} %"]
        for name, c in found["main_characters"].items()
    ]
    return table(["", "HTML pages", "R data", "difference"], rows)


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
    "factcheck": factcheck, "conduct": conduct, "parsing": parsing, "graph": graph, "precision": precision,
    "harbor": harbor, "unseen": unseen, "road": road, "copying": copying, "checker": checker, "examples": examples,
    "exchange": exchange,
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
