"""`python -m kg`: build the fact graph, ask it, check a reply against it, export it."""

import json
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from parsing.commands import new_app, run, say
from parsing.errors import BadInput, NotFound
from parsing.manifest import build_dir, load_show

EXPORTS = (  # the keys of `kg.exports.FORMATS`, held against them by a test; not imported for the sake of --help
    "graphml", "jsonld", "turtle", "cypher", "ladybug", "csv", "parquet",
    "card", "card-v2", "png", "charx", "lorebook", "worldinfo",
)  # fmt: skip

app = new_app("The fact graph: build it from parsed transcripts, ask it, check replies, export it.")

ShowArgument = Annotated[str, typer.Argument(metavar="SHOW", help="id of a show, or path to a show.toml")]
Speaker = Annotated[str | None, typer.Option(help="the persona that is spoken to (name, alias or slug)")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="last episode watched, such as S02E05")]
Knows = Annotated[str, typer.Option(help="character: only what the speaker knows; viewer: all that was shown")]
Json = Annotated[bool, typer.Option("--json", help="one JSON object on standard output")]


@app.command()
def build(
    show_id: Annotated[str, typer.Argument(metavar="SHOW", help="id of a show, or path to a show.toml")] = "",
    every: Annotated[bool, typer.Option("--all", help="every show that was parsed, in one run")] = False,
    workers: Annotated[int, typer.Option(help="with --all: shows at work at the same time")] = 1,
    ray: Annotated[bool, typer.Option("--ray", help="with --all: map over Ray Data (docs/scale.md)")] = False,
    as_json: Json = False,
    ship: Annotated[bool, typer.Option("--ship", help="also copy the graph beside show.toml")] = False,
    pipeline: Annotated[str, typer.Option(help="an installed spaCy pipeline, over what show.toml names")] = "",
) -> None:
    """Extract the graph from build/SHOW/utterances.parquet, lay the corrections over it, write graph.json.gz."""
    if every:
        if show_id or ship or pipeline:
            raise BadInput("--all builds every show as its manifest says: leave SHOW, --ship and --pipeline out")
        _build_all(workers, ray, as_json)
        return
    if not show_id:
        raise BadInput("no SHOW named: expected a show's id, the path of a show.toml, or --all")
    if ray or workers != 1:
        raise BadInput("--workers and --ray go with --all: one show is one piece of work")
    from kg.many import build_one

    show = load_show(show_id)
    built = build_one(show, ship, pipeline)
    for folder in (build_dir(show), show.folder) if ship else (build_dir(show),):
        target = folder / "graph.json.gz"
        say(f"wrote {target} ({target.stat().st_size / 1024:.0f} KiB)")
    for relation, count in sorted(built.relations.items(), key=lambda item: (-item[1], item[0])):
        if not as_json:
            print(f"{relation}\t{count}")
    if as_json:
        print(json.dumps(vars(built) | {"relations": dict(built.relations)}, ensure_ascii=False))
    say(f"{built.nodes} nodes, {built.facts} facts ({built.curated} curated, {built.retired} retired)")
    say(f"built in {built.seconds:.1f} s")


def _build_all(workers: int, ray: bool, as_json: bool) -> None:
    """Build every parsed show's graph, a line each; exit code 1 where one failed."""
    from kg.many import build_many, parsed_shows

    names = parsed_shows()
    if not names:
        raise NotFound("no show was parsed yet: run python -m parsing --all, or one show's python -m parsing SHOW")
    started, failed = time.perf_counter(), 0
    for built in build_many(names, workers, "ray" if ray else "processes"):
        failed += bool(built.error)
        if as_json:
            print(json.dumps(vars(built) | {"relations": dict(built.relations)}, ensure_ascii=False))
        else:
            print(f"{built.show}\t{built.error or f'{built.nodes} nodes, {built.facts} facts, {built.seconds:.1f} s'}")
    say(
        f"{len(names) - failed} graphs in {time.perf_counter() - started:.1f} s"
        + (f", {failed} failed" if failed else "")
    )
    if failed:
        raise typer.Exit(1)


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
    format_name: Annotated[str, typer.Option("--format", help=f"one of {', '.join(EXPORTS)}")] = "graphml",
    persona: Annotated[str | None, typer.Option(help="whose card it is, and only what this character knows")] = None,
    as_of: AsOf = None,
    knows: Annotated[
        str | None, typer.Option(help="character (default with --persona): what it knows; viewer: all that was shown")
    ] = None,
    budget: Annotated[int, typer.Option(help="tokens of a card's text, and of the lore it brings in at a time")] = 600,
    out: Annotated[Path | None, typer.Option(help="file to write; standard output by default")] = None,
) -> None:
    """Write the graph, as of an episode, in a format other tools read: a network, tables, RDF, a card, a lorebook."""
    from kg.exports import Order, edition, paths_of
    from kg.exports import export as write
    from kg.store import load_graph
    from kg.talk import view

    show = load_show(show_id)
    graph, _ = view(load_graph(show), show, persona, as_of, knows or ("character" if persona else "viewer"))
    files = write(Order(edition(graph), show, show.member(persona) if persona else None, budget), format_name, out)
    if out is None:
        print(files[""].decode("utf-8"), end="")
        if len(files) > 1:
            say("this format has a second file, the nodes: write both with --out PATH")
        return
    for path in paths_of(files, out):
        say(f"wrote {path}")


@app.command("import")
def import_(
    card: Annotated[Path, typer.Argument(help="a character card: PNG, JSON or .charx")],
    books: Annotated[list[Path] | None, typer.Argument(help="lorebooks or world info files for it")] = None,
    *,
    out: Annotated[Path, typer.Option(help="folder to make; its show.toml is a SHOW for every command")],
) -> None:
    """Make a show of one persona from somebody's character card, with what it and its lorebooks tell as facts."""
    from kg.cards.imports import import_card

    show = import_card(card, out, books or ())
    say(f"wrote {show.folder}")
    print(show.folder / "show.toml")


@app.command()
def lore(
    file: Annotated[Path, typer.Argument(help="a lorebook, a card that has one, or a world info file")],
    message: Annotated[str, typer.Argument(help="what is said in the chat")],
    as_json: Json = False,
) -> None:
    """Which entries of a lorebook a message brings in, by which key, and which the token budget leaves out."""
    from kg.cards.files import read_card
    from kg.cards.firing import fired
    from kg.cards.forms import book_of

    book = book_of(read_card(file).document)
    found = fired(book, message) if book else []
    if as_json:
        print(json.dumps({"entries": [vars(entry) for entry in found]}, ensure_ascii=False))
        return
    for entry in found:
        print(f"{'' if entry.kept else 'left out: '}{entry.name}  [{entry.why}]  {entry.tokens} tokens")
    if not found:
        say("no entry comes in" if book else f"{file} has no lorebook")


@app.command()
def spoilers(
    show_id: ShowArgument,
    file: Annotated[Path, typer.Argument(help="a character card, lorebook or world info file by anybody")],
    *,
    as_of: Annotated[str, typer.Option("--as-of", help="last episode watched, such as S02E05")],
    persona: Annotated[str | None, typer.Option(help="who says I in it; by default the one it is named after")] = None,
    as_json: Json = False,
) -> None:
    """What a card or lorebook tells that the show reveals only later; exit code 1 where there is something."""
    from kg.cards.files import read_card
    from kg.cards.spoilers import later_claims, later_names, texts_of
    from kg.graph import node_id
    from kg.store import load_graph

    show = load_show(show_id)
    document = read_card(file).document
    named = document.get("data", document).get("name", "")
    speaker = show.member(persona or named or show.default_persona)
    graph, moment, texts = load_graph(show), show.as_of(as_of), list(texts_of(document))
    found = later_names(graph, moment, texts)
    found += later_claims(graph, show, moment, node_id(speaker.name), texts)
    if as_json:
        print(json.dumps({"spoilers": [vars(spoiler) for spoiler in found]}, ensure_ascii=False))
    for spoiler in () if as_json else found:
        print(f"{spoiler.revealed}  {spoiler.text}  ({spoiler.why})")
    if found:
        raise typer.Exit(1)
    say(f"nothing in it comes later than {moment}")


if __name__ == "__main__":
    run(app)
