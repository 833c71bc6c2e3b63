"""docs/reference.md, written from the code: every command with its options, the relations, the keys of a manifest.

`python -m evaluation commands` writes it; a test fails when it is stale.
"""

import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from parsing.manifest import ROOT

PAGE = ROOT / "docs" / "reference.md"
MODULES = ("parsing", "kg", "training", "app", "app.inference", "app.own", "app.mcp", "evaluation")
_FIELD = re.compile(r"^    (\w+): (.+?)(?: = .+?)?  # (.+)$", re.MULTILINE)
_HEAD = """# Reference

Written by `python -m evaluation commands` from the code; don't edit it by hand. Every command prints its `--help`.
Standard output carries the result, standard error everything else. Exit codes: 0; 1 where `kg spoilers` found something
or a show of `kg build --all` failed; 2 for an error that a person can mend, in one line. Environment: `CANON_BUILD`
(products), `CANON_CACHE` (downloads), `CANON_SHOWS` (own shows), `CANON_MODELS` (weights), `CANON_DATA` and
`CANON_MIRROR` (transcripts and gold sets), `CANON_API_KEY` (of another engine), `CANON_READER` (how notes are found:
`words`, or `encoder` where its package is installed).
"""


def page() -> str:
    """The whole page."""
    parts = [_HEAD, "## Commands\n", *(text for module in MODULES for text in _module(module))]
    return "\n".join([*parts, *_relations(), *_manifest()]).rstrip() + "\n"


def write(path: Path = PAGE) -> Path:
    """Write the page; returns its path."""
    from parsing.files import replacing

    with replacing(path) as temporary:
        temporary.write_text(page(), encoding="utf-8")
    return path


def _module(module: str) -> Iterator[str]:
    import typer.main

    entry = module if "." in module else f"{module}.__main__"
    tree: Any = typer.main.get_command(importlib.import_module(entry).app)
    commands = getattr(tree, "commands", None)
    if commands is None:
        yield from _command(f"python -m {module}", tree)
        return
    for name, command in commands.items():
        yield from _command(f"python -m {module} {name}", command)


def _command(line: str, command: Any) -> Iterator[str]:
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option" and p.name != "help"]
    shown = " ".join(p.metavar or p.name.upper() for p in arguments)
    yield f"### `{line}{' ' + shown if shown else ''}`\n"
    text = inspect.cleandoc(command.help or "").split("\n\n", maxsplit=1)[0].replace("\n", " ")
    yield f"{_cell(text)}\n"
    if not arguments and not options:
        return
    yield "| | | default |\n|---|---|---|"
    for argument in arguments:
        yield f"| `{argument.metavar or argument.name.upper()}` | {_cell(argument.help or '')} | {_default(argument)} |"
    for option in options:
        names = ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
        yield f"| {names} | {_cell(option.help or '')} | {_default(option)} |"
    yield ""


def _default(parameter: Any) -> str:
    value = parameter.default
    if parameter.required:
        return "required"
    if value in (None, "", (), [], False) or callable(value):
        return ""
    text = str(value.relative_to(ROOT)) if isinstance(value, Path) and value.is_relative_to(ROOT) else str(value)
    return f"`{text}`"


def _cell(text: str) -> str:
    """A text in a table's cell: on one line, without signs that Markdown reads."""
    return re.sub(r"\s+", " ", text).replace("|", "\\|").replace("<", "\\<").strip()


def _relations() -> Iterator[str]:
    from kg.relations import relations

    yield "## Relations\n"
    yield "| relation | of | to | its inverse | one at a time |\n|---|---|---|---|---|"
    for relation in relations().values():
        inverse = "itself" if relation.symmetric else f"`{relation.inverse}`" if relation.inverse else ""
        of, to = ", ".join(relation.domain), ", ".join(relation.range)
        yield f"| `{relation.name}` | {of} | {to} | {inverse} | {'yes' if relation.functional else ''} |"
    yield ""


def _manifest() -> Iterator[str]:
    from parsing import manifest

    yield "## Keys of show.toml\n"
    yield "[data.md](data.md) explains them, with the options of the readers.\n"
    for table, kind in (("", manifest.Show), ("cast", manifest.CastMember), ("source", manifest.Source)):
        yield f"### {'Top level' if not table else f'`[[{table}]]`'}\n"
        yield "| key | |\n|---|---|"
        for name, _, comment in _FIELD.findall(inspect.getsource(kind)):
            yield f"| `{name}` | {_cell(comment)} |"
        yield ""
