"""`python -m training …`: tokenizer, corpus, base model, grounded stage, persona adapters, search, curves."""

from pathlib import Path

import typer

from parsing.commands import new_app, run, say
from parsing.manifest import ROOT

app = new_app("From dialogue to a served model. Every stage reads what the stage before it wrote under build/.")


MODELS = ROOT / "models"


def _build() -> Path:
    import os

    return Path(os.environ.get("CANON_BUILD") or ROOT / "build")


@app.command()
def addressees(show: str = typer.Argument("friends", help="The parsed show that the labels are of.")) -> None:
    """Fit the weights by which parsing tells whom a line is said to; writes parsing/addressees.toml."""
    from parsing.addressees import WEIGHTS
    from parsing.manifest import load_show
    from training.addressees import LABELS, examples_of, fit, read_labels, write_weights

    examples = examples_of(load_show(show), read_labels(LABELS))
    write_weights(fit(examples), examples)
    say(f"weights from {len(examples):,} lines in {WEIGHTS}")


@app.command()
def tokenizer(
    shows: list[str] = typer.Argument(["friends"], help="Shows whose training split is read too."),
    vocabulary: int = typer.Option(4096, min=300, max=65_536, help="How many tokens."),
) -> None:
    """Train the byte-level BPE tokenizer into build/tokenizer (another size: build/tokenizer-SIZE)."""
    from training.corpus import texts
    from training.tokenizer import tokenizer_folder, train_tokenizer

    target = tokenizer_folder(_build(), vocabulary)
    made = train_tokenizer(texts(shows), target, vocabulary)
    say(f"tokenizer with {len(made)} tokens in {target}")


@app.command()
def corpus(
    shows: list[str] = typer.Argument(["friends"], help="Shows whose training split is in the mix."),
    series: list[str] = typer.Option([], help="A further show, read once in the manner of a film; may be repeated."),
    ordered: bool = typer.Option(False, "--ordered", help="General conversation, then films, then the shows."),
    vocabulary: int = typer.Option(4096, help="Of the tokenizer that is used."),
    name: str = typer.Option("corpus", help="Folder below build/."),
) -> None:
    """Pack general conversation and the shows' training split into build/corpus."""
    from training.corpus import build_corpus
    from training.tokenizer import load_tokenizer, tokenizer_folder

    loaded = load_tokenizer(tokenizer_folder(_build(), vocabulary))
    counts = build_corpus(shows, loaded, _build() / name, series=series, ordered=ordered)
    say(f"{counts['train']:,} training tokens in {_build() / name}")


@app.command()
def base(
    minutes: float = typer.Option(60.0, help="How long to train, by the clock; with --resume, in all."),
    resume: bool = typer.Option(False, "--resume", help="Go on from the last checkpoint."),
    start: Path | None = typer.Option(None, help="Weights to begin with, in place of random ones."),
    rate: float = typer.Option(1.0, min=0.01, max=10.0, help="What the usual peak rates are multiplied with."),
    layers: int = typer.Option(5, help="Layers of the model; --start is grown to them."),
    cooldown: float = typer.Option(
        0.4, min=0.0, max=1.0, help="Share of the time in which the rate falls; 0 is a plateau to go on from."
    ),
    corpus: str = typer.Option("corpus", help="Folder of packed tokens below build/."),
    name: str = typer.Option("base", help="Folder of the run below build/."),
    compiled: bool = typer.Option(False, "--compile", help="By torch.compile: quicker; wants a C++ compiler."),
) -> None:
    """Train the base model into build/base."""
    from training.base import Run, Shape, train_base
    from training.tokenizer import load_tokenizer

    run = Run(minutes, cooldown=cooldown, rate=rate, compiled=compiled)
    loaded = load_tokenizer(_build() / "tokenizer")
    made = train_base(_build() / corpus, _build() / name, loaded, Shape(layers=layers), run, resume, start)
    say(f"base model in {made}")


@app.command()
def study(
    only: list[str] = typer.Argument(None, help="Variants of training/study.toml; all of them by default."),
    minutes: float = typer.Option(3.0, help="Processor minutes of each, over all threads."),
    resume: bool = typer.Option(False, "--resume", help="Leave out variants that are done."),
) -> None:
    """Short runs side by side: sizes, vocabularies, optimizers, mixes."""
    from training.study import study as run_study

    found = run_study(_build(), ROOT / "evaluation" / "results", minutes, only or (), resume)
    for variant, row in found.items():
        say(f"{variant:16} {row['tokens'] / 1e6:5.2f} M tokens  show {row['show_bits_per_byte']:.3f} bits a byte")


@app.command()
def grounded(
    shows: list[str] = typer.Argument(["friends"], help="Shows whose pairs and notes are mixed in."),
    base: Path | None = typer.Option(None, help="Weights to begin with; build/base/model by default."),
    corpus: str = typer.Option("corpus", help="Folder of packed tokens below build/, for plain dialogue."),
    minutes: float = typer.Option(20.0, help="How long to train, by the clock."),
    resume: bool = typer.Option(False, "--resume", help="Go on from the last checkpoint."),
) -> None:
    """Teach the base to answer from the triples in its prompt; into build/grounded."""
    from parsing.manifest import load_show
    from training.stages import train_grounded

    made = train_grounded(
        base or _build() / "base" / "model",
        _build() / corpus,
        _build() / "grounded",
        [load_show(s) for s in shows],
        minutes,
        resume,
    )
    say(f"grounded base in {made}")


@app.command()
def persona(
    show: str = typer.Argument(..., help="Show whose personas are trained."),
    name: str = typer.Option("", "--persona", help="One persona; all of them by default."),
    base: str = typer.Option(
        "", help="Path or hub id of any causal model with a chat template; build/grounded/model by default."
    ),
    minutes: float = typer.Option(2.0, help="How long to train each, by the clock."),
    resume: bool = typer.Option(False, "--resume", help="Leave out personas that are done."),
) -> None:
    """Train one LoRA adapter a persona, into build/personas/SHOW/SLUG."""
    from parsing.manifest import load_show
    from training.stages import colour_of, notes_of, persona_pairs, train_persona
    from training.telling import Teller

    manifest = load_show(show)
    patterns = notes_of(manifest)
    for member in [manifest.persona(name)] if name else manifest.personas:
        folder = _build() / "personas" / manifest.id / member.slug
        if resume and (folder / "adapter" / "adapter_config.json").is_file():
            say(f"{member.slug}: done before")
            continue
        rows, dev = persona_pairs(manifest, member, "train"), persona_pairs(manifest, member, "dev")
        say(f"{member.slug}: {len(rows)} pairs, {sum(bool(p.facts) for p in rows)} of them with facts")
        train_persona(
            base or _build() / "grounded" / "model",
            folder,
            manifest,
            member,
            rows,
            dev[:: max(1, len(dev) // 120)],
            minutes,
            teller=Teller(patterns, colour_of(manifest, member)),
        )


@app.command()
def relevance(
    show: str = typer.Argument(
        "friends", help="Show for whose notes messages are written (training/asked/SHOW.jsonl)."
    ),
    epochs: float = typer.Option(3.0, min=0.1, help="Times that every message is seen."),
    rate: float = typer.Option(8e-4, min=1e-6, max=0.1, help="Peak learning rate; it falls linearly."),
    resume: bool = typer.Option(False, "--resume", help="Go on from the last checkpoint."),
    name: str = typer.Option("relevance", help="Folder of the run below build/."),
) -> None:
    """Train the encoder that tells whether a note answers a message, into models/relevance."""
    from kg.relevance import FOLDER
    from parsing.files import write_json
    from parsing.manifest import load_show
    from training.relevance import train

    found = train(load_show(show), _build() / name, FOLDER, epochs, rate, resume=resume)
    write_json(ROOT / "evaluation" / "results" / "relevance.json", found)
    for key, value in found.items():
        say(f"{key:16} {value}")
    vectors([show])


@app.command()
def vectors(shows: list[str] = typer.Argument(["friends"], help="Shows whose notes get one.")) -> None:
    """Ship the sentence vectors of notes, so that no first start has to compute them (models/relevance/vectors.npz)."""
    from kg.graph import load_graph
    from kg.relevance import SHIPPED, ship_vectors
    from parsing.manifest import load_show

    graphs = [load_graph(load_show(show)) for show in shows]
    count = ship_vectors(fact.object for graph in graphs for fact in graph.stored if fact.relation == "note")
    say(f"{count:,} vectors in {SHIPPED}")


@app.command()
def search(
    show: str = typer.Argument("friends", help="Show whose development pairs are replied to."),
    model: Path | None = typer.Option(None, help="Folder of the model; build/grounded/model by default."),
    trials: int = typer.Option(40, min=1, help="How many settings are tried."),
    out: Path = typer.Option(ROOT / "evaluation" / "results" / "search.json", help="Where the result is written."),
) -> None:
    """Search temperature, top-p, min-p and repetition penalty; `ship` saves the best with the model."""
    from parsing.manifest import load_show
    from training.draw import draw_search
    from training.search import development_pairs
    from training.search import search as run_search
    from training.stages import load_trainable

    loaded, own = load_trainable(model or _build() / "grounded" / "model")
    found = run_search(loaded, own, development_pairs(load_show(show)), trials, out)
    for name in ("before", "best"):
        say(f"{name:7} {found[name]['worth']:.3f} {found[name]['settings']}")
    say(f"wrote {draw_search(found, ROOT / 'docs' / 'curves' / 'search.png')}")


@app.command()
def ship(shows: list[str] = typer.Argument(["friends"], help="Shows whose adapters are shipped.")) -> None:
    """Write base and adapters in half precision into models/, with checksums."""
    from training.models import searched, ship_adapter, ship_base

    ship_base(
        _build() / "grounded" / "model", MODELS / "base", searched(ROOT / "evaluation" / "results" / "search.json")
    )
    for show in shows:
        for trained in sorted((_build() / "personas" / show).glob("*/adapter")):
            ship_adapter(trained, MODELS / show / trained.parent.name, MODELS / "base")
    say(f"wrote {MODELS}: {sum(f.stat().st_size for f in MODELS.rglob('*') if f.is_file()) / 2**20:.1f} MiB")


@app.command()
def measure(
    model: Path = typer.Option(MODELS / "base", help="Folder of the model."),
    count: int = typer.Option(200, help="Questions of each kind and number of distractors."),
    out: Path = typer.Option(ROOT / "evaluation" / "results" / "copying.json", help="Where the result is written."),
) -> None:
    """Copying, abstaining and correcting on made-up facts with unseen names, greedy."""
    from parsing.files import write_json
    from training.measure import copying
    from training.stages import load_trainable

    loaded, own = load_trainable(model)
    result = copying(loaded.eval(), own, count)
    write_json(out, result)
    for key, value in result.items():
        say(f"{key:24} {value['share']:.3f}" if isinstance(value, dict) else f"{key:24} {value}")


@app.command()
def curves(shows: list[str] = typer.Argument(["friends"])) -> None:
    """Copy the curves of build/ to evaluation/results/curves and draw them into docs/curves."""
    from training.draw import draw_all

    for path in draw_all(_build(), ROOT / "evaluation" / "results" / "curves", ROOT / "docs" / "curves", shows):
        say(f"wrote {path}")


@app.command(name="all")
def everything(
    show: str = typer.Argument("friends"),
    base_minutes: float = typer.Option(60.0),
    grounded_minutes: float = typer.Option(20.0),
    persona_minutes: float = typer.Option(2.0),
) -> None:
    """Tokenizer, corpus, base, grounded stage, adapters, bundle, curves: the whole road for one show."""
    tokenizer([show], vocabulary=4096)
    corpus([show], series=[], ordered=False, vocabulary=4096, name="corpus")
    base(
        base_minutes, resume=False, start=None, rate=1.0, layers=5, cooldown=0.4, corpus="corpus", name="base",
        compiled=False,
    )  # fmt: skip
    grounded([show], base=None, corpus="corpus", minutes=grounded_minutes, resume=False)
    persona(show, name="", base="", minutes=persona_minutes, resume=False)
    ship([show])
    measure(MODELS / "base", 200, ROOT / "evaluation" / "results" / "copying.json")
    curves([show])


if __name__ == "__main__":
    run(app)
