"""Tables of the fact-check: its scores, stages and examples, for `evaluation.report`."""

from collections.abc import Mapping
from typing import Any

from evaluation.report import is_measured, measured, percent, result, table

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
    return _scores(UNSEEN | {name: label for name, label in MADE.items() if is_measured(name)})


def road() -> str:
    """The stages of the work, each with the scores it had on the development questions."""
    rows = []
    for stage in sorted(measured("road"), key=lambda name: int(name.partition("-")[0])):
        found = result(f"road/{stage}")
        shares = [f"{100 * found['scores']['kinds'][k]['share']:.0f} %" for k in KINDS]
        rows.append([f"{stage.split('-')[0]}. {found['label']}", *shares, percent(found["scores"]["macro"])])
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
