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
def tokenizer(shows: list[str] = typer.Argument(["friends"], help="Shows whose training split is read too.")) -> None:
    """Train the byte-level BPE tokenizer into build/tokenizer."""
    from training.corpus import texts
    from training.tokenizer import train_tokenizer

    made = train_tokenizer(texts(shows), _build() / "tokenizer")
    say(f"tokenizer with {len(made)} tokens in {_build() / 'tokenizer'}")


@app.command()
def corpus(shows: list[str] = typer.Argument(["friends"], help="Shows whose training split is in the mix.")) -> None:
    """Pack general conversation and the shows' training split into build/corpus."""
    from training.corpus import build_corpus
    from training.tokenizer import load_tokenizer

    counts = build_corpus(shows, load_tokenizer(_build() / "tokenizer"), _build() / "corpus")
    say(f"{counts['train']:,} training tokens in {_build() / 'corpus'}")


@app.command()
def base(
    minutes: float = typer.Option(60.0, help="How long to train, by the clock."),
    resume: bool = typer.Option(False, "--resume", help="Go on from the last checkpoint."),
) -> None:
    """Train the base model from scratch into build/base."""
    from training.base import Run, Shape, train_base
    from training.tokenizer import load_tokenizer

    made = train_base(
        _build() / "corpus", _build() / "base", load_tokenizer(_build() / "tokenizer"), Shape(), Run(minutes), resume
    )
    say(f"base model in {made}")


@app.command()
def grounded(
    shows: list[str] = typer.Argument(["friends"], help="Shows whose pairs are mixed in."),
    minutes: float = typer.Option(20.0, help="How long to train, by the clock."),
    resume: bool = typer.Option(False, "--resume", help="Go on from the last checkpoint."),
) -> None:
    """Teach the base to answer from the triples in its prompt; into build/grounded."""
    from parsing.manifest import load_show
    from training.stages import train_grounded

    made = train_grounded(
        _build() / "base" / "model",
        _build() / "corpus",
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
    from training.stages import persona_pairs, train_persona

    manifest = load_show(show)
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
        )


@app.command()
def ship(shows: list[str] = typer.Argument(["friends"], help="Shows whose adapters are shipped.")) -> None:
    """Write base and adapters in half precision into models/, with checksums."""
    from training.models import ship_adapter, ship_base

    ship_base(_build() / "grounded" / "model", MODELS / "base")
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
    tokenizer([show])
    corpus([show])
    base(base_minutes, resume=False)
    grounded([show], grounded_minutes, resume=False)
    persona(show, "", "", persona_minutes, resume=False)
    ship([show])
    measure(MODELS / "base", 200, ROOT / "evaluation" / "results" / "copying.json")
    curves([show])


if __name__ == "__main__":
    run(app)
