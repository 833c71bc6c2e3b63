"""Bundled weights: written in half precision with a manifest of checksums, checked when they are loaded.

`models/base/` is a transformers model; `models/<show>/<slug>/` is a PEFT adapter whose manifest names the base it was
trained on by the checksum of that base's weights.
"""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

from parsing.errors import BadFile, NotFound
from parsing.files import write_json

MANIFEST = "manifest.json"
PROMPTS = 2  # version of the prompt format; since 2 a prompt may hold a sentence to say (`training.prompt.SAY`)
CONTEXT = 256  # tokens; positions past the longest training row were never seen
WEIGHTS = {"base": "model.safetensors", "adapter": "adapter_model.safetensors"}


def sha256(path: Path) -> str:
    """Checksum of a file, in hex."""
    with path.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def ship_base(trained: Path, target: Path, settings: dict[str, Any] | None = None) -> None:
    """Write a trained base in half precision, with its tokenizer, generation settings and manifest."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GenerationConfig

    tokenizer = AutoTokenizer.from_pretrained(trained)
    model = AutoModelForCausalLM.from_pretrained(trained, dtype=torch.float16)
    tokenizer.model_max_length = model.config.max_position_embeddings = CONTEXT
    model.generation_config = GenerationConfig(
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        do_sample=True,
        **(settings or {"temperature": 0.7, "top_p": 0.9, "repetition_penalty": 1.1}),
    )
    _fresh(target)
    model.save_pretrained(target)
    tokenizer.save_pretrained(target)
    seal(target)


def searched(path: Path) -> dict[str, Any] | None:
    """The best settings that `python -m training search` found; None where nothing has been searched."""
    return dict(json.loads(path.read_text())["best"]["settings"]) if path.is_file() else None


def ship_adapter(trained: Path, target: Path, base: Path) -> None:
    """Write an adapter in half precision; its manifest names the shipped base it belongs to."""
    from safetensors.torch import load_file, save_file

    _fresh(target)
    weights = {name: tensor.half() for name, tensor in load_file(trained / WEIGHTS["adapter"]).items()}
    save_file(weights, target / WEIGHTS["adapter"])
    config = json.loads((trained / "adapter_config.json").read_text())
    config["base_model_name_or_path"] = "models/base"  # as trained it names a folder of that machine
    config["target_modules"] = sorted(config["target_modules"])
    write_json(target / "adapter_config.json", config)
    seal(target, sha256(base / WEIGHTS["base"]))


def seal(folder: Path, base: str = "", prompts: int = PROMPTS) -> None:
    """Write the manifest over all files of `folder`; `prompts` is the version of the prompt format of its training."""
    files = {p.name: sha256(p) for p in sorted(folder.iterdir()) if p.is_file() and p.name != MANIFEST}
    write_json(folder / MANIFEST, {"files": files, "prompts": prompts, **({"base": base} if base else {})})


def check(folder: Path, base: Path | None = None) -> None:
    """Check `folder` against its manifest, and that an adapter belongs to `base`.

    Raises `NotFound` without a manifest, `BadFile` naming the first file that is missing or differs.
    """
    path = folder / MANIFEST
    if not path.is_file():
        raise NotFound(f"no model in {folder}: expected {MANIFEST}; train one with `python -m training all`")
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        files = dict(manifest["files"])
    except (ValueError, KeyError, TypeError):
        raise BadFile(f"{path}: no manifest of a model; ship the model again with `python -m training ship`") from None
    for name, expected in files.items():
        file = folder / name
        if not file.is_file():
            raise BadFile(f"{file} is missing: get the model again, or train one with `python -m training all`")
        found = sha256(file)
        if found != expected:
            raise BadFile(f"{file} is damaged: sha256 is {found[:12]}…, expected {expected[:12]}…; get the model again")
    if base is not None and manifest.get("base") != sha256(base / WEIGHTS["base"]):
        raise BadFile(
            f"{folder} was trained on another base than {base}: train it again with `python -m training persona`"
        )


def prompts_of(folder: Path) -> int:
    """The version of the prompt format that a bundled model was trained on; 1 where its manifest says nothing."""
    path = folder / MANIFEST
    return int(json.loads(path.read_text(encoding="utf-8")).get("prompts", 1)) if path.is_file() else 1


def load_model(folder: Path) -> tuple[Any, Any]:
    """The checked model, in single precision, and its tokenizer."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    check(folder)
    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval(), AutoTokenizer.from_pretrained(
        folder
    )


def _fresh(target: Path) -> None:
    if target.is_dir():
        shutil.rmtree(target)
    target.mkdir(parents=True)
