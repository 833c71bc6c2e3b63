"""`python -m kg`: build the fact graph, ask it, check a reply against it, export it."""

import json
import time
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from parsing.commands import new_app, run, say
from parsing.manifest import build_dir, load_show

app = new_app("The fact graph: build it from parsed transcripts, ask it, check replies, export it.")

ShowArgument = Annotated[str, typer.Argument(metavar="SHOW", help="id of a show, or path to a show.toml")]
Speaker = Annotated[str | None, typer.Option(help="the persona that is spoken to (name, alias or slug)")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="last episode watched, such as S02E05")]
Knows = Annotated[str, typer.Option(help="character: only what the speaker knows; viewer: all that was shown")]
Json = Annotated[bool, typer.Option("--json", help="one JSON object on standard output")]


@app.command()
def build(
    show_id: ShowArgument,
    ship: Annotated[bool, typer.Option("--ship", help="also copy the graph beside show.toml")] = False,
    pipeline: Annotated[str, typer.Option(help="an installed spaCy pipeline, over what show.toml names")] = "",
) -> None:
    """Extract the graph from build/SHOW/utterances.parquet, lay the corrections over it, write graph.json.gz."""
    from kg.build import build_graph
    from kg.corrections import apply

    show = load_show(show_id)
    started = time.perf_counter()
    extracted = build_graph(show, model=pipeline)
    graph = apply(extracted, show)
    path = build_dir(show) / "graph.json.gz"
    for target in (path, show.folder / "graph.json.gz") if ship else (path,):
        graph.save(target)
        say(f"wrote {target} ({target.stat().st_size / 1024:.0f} KiB)")
    counts = Counter(f.relation for f in graph.stored)
    for relation, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        print(f"{relation}\t{count}")
    curated = sum(f.extractor == "curated" for f in graph.stored)
    say(f"{len(graph.nodes)} nodes, {len(graph.stored)} facts ({curated} curated, {len(graph.retired)} retired)")
    say(f"built in {time.perf_counter() - started:.1f} s")


@app.command()
def ask(
    show_id: ShowArgument,
    message: Annotated[str, typer.Argument(help="what one says to the persona")],
    speaker: Speaker = None,
    as_of: AsOf = None,
    knows: Knows = "character",
    as_json: Json = False,
) -> None:
    """Which entities a message names, what it asks, and the facts that belong to it."""
    from kg.store import load_graph
    from kg.talk import read_message, reading_row, view

    show = load_show(show_id)
    graph, persona = view(load_graph(show), show, speaker, as_of, knows)
    row = reading_row(read_message(message, graph, show, persona))
    print(json.dumps(row, ensure_ascii=False) if as_json else "\n".join(_told(row)))


def _told(row: dict[str, Any]) -> list[str]:
    """A reading as lines for people."""
    lines = [f"entity  {m['text']} = {m['entity']} ({m['how']})" for m in row["mentions"]]
    for a in row["asks"]:
        slots = f"{a['subject']}, {a['relation'] or 'nothing the graph has'}, {a['object'] or '?'}"
        lines.append(f"asks    ({slots}) {a['form']}: {a['answer']}: {a['sentence']}")
    for f in row["facts"]:
        span = f"since {f['since']}" + (f" until {f['until']}" if f["until"] else "")
        no = "" if f["polarity"] else "not "
        lines.append(
            f"fact    {f['score']:5.2f}  {f['subject']} | {no}{f['relation']} | {f['object']}  ({span}, revealed "
            f"{f['revealed']}, {f['extractor']})  {f['why']}"
        )
    return lines or ["nothing of the show is named or asked"]


@app.command()
def check(
    show_id: ShowArgument,
    reply: Annotated[str, typer.Argument(help="what the persona says")],
    speaker: Annotated[str, typer.Option(help="the persona who says it (name, alias or slug)")],
    question: Annotated[str, typer.Option(help="the message it answers, for short answers")] = "",
    as_of: AsOf = None,
    knows: Knows = "character",
    as_json: Json = False,
) -> None:
    """The claims of a reply, each supported, contradicted or unverifiable."""
    from kg.languages import verifier
    from kg.store import load_graph
    from kg.talk import claim_row, read_message, view

    show = load_show(show_id)
    graph, persona = view(load_graph(show), show, speaker, as_of, knows)
    asks = read_message(question, graph, show, persona).asks if question else ()
    claims = [claim_row(graph, c) for c in verifier(graph, show).check(reply, persona, asks)]
    if as_json:
        print(json.dumps({"claims": claims}, ensure_ascii=False))
        return
    for c in claims:
        no = "" if c["polarity"] else "not "
        print(f"{c['verdict']:<14}{c['subject']} | {no}{c['relation']} | {c['object'] or 'anybody'}  ({c['why']})")
    if not claims:
        print("no claims")


@app.command()
def export(
    show_id: ShowArgument,
    format_name: Annotated[str, typer.Option("--format", help="graphml")] = "graphml",
    persona: Annotated[str | None, typer.Option(help="only what this character knows")] = None,
    as_of: AsOf = None,
    knows: Knows = "viewer",
    out: Annotated[Path | None, typer.Option(help="file to write; standard output by default")] = None,
) -> None:
    """Write the graph, as of an episode, in a format other tools read."""
    from kg.exports import export as write
    from kg.store import load_graph
    from kg.talk import view

    show = load_show(show_id)
    graph, _ = view(load_graph(show), show, persona, as_of, "character" if persona else knows)
    text = write(graph, format_name, out)
    if out is None:
        print(text, end="")
    else:
        say(f"wrote {out}")


if __name__ == "__main__":
    run(app)
