"""What a result rests on: commit, files by sha256, versions of packages, machine."""

import hashlib
import os
import platform
import subprocess
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from parsing.manifest import ROOT, Show, build_dir

PACKAGES = ("torch", "transformers", "peft", "spacy", "networkx")


def commit() -> str:
    """The commit the code stands at, marked where the tree differs from it."""
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "unknown"


def graph_file(show: Show) -> Path:
    """The file that `kg.store.load_graph` reads: the build's, else the shipped one."""
    built = build_dir(show) / "graph.json.gz"
    return built if built.is_file() else show.folder / "graph.json.gz"


def model_files(show: Show, folder: Path) -> list[Path]:
    """The weights that the bundled engine speaks with: the base and the show's adapters."""
    return [folder / "base" / "model.safetensors", *sorted((folder / show.id).glob("*/adapter_model.safetensors"))]


def hashes(files: Sequence[Path]) -> dict[str, str]:
    """{path: sha256} of the files that are there; paths below the repository from its root, others by name."""
    return {_shown(f): hashlib.sha256(f.read_bytes()).hexdigest() for f in files if f.is_file()}


def provenance(files: Sequence[Path]) -> dict[str, Any]:
    """The part of a result that says where it comes from."""
    return {
        "commit": commit(),
        "files": hashes(files),
        "packages": {name: version(name) for name in PACKAGES},
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
    }


def _shown(path: Path) -> str:
    return str(path.resolve().relative_to(ROOT)) if path.resolve().is_relative_to(ROOT) else path.name
