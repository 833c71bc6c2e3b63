"""A reader's settings: frozen dataclasses filled from the manifest's `options`, unknown keys refused."""

import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar

from parsing.errors import BadManifest
from parsing.manifest import nearest

T = TypeVar("T")


def options_from(kind: type[T], values: Mapping[str, Any], where: str) -> T:
    """`kind(**values)`, lists as tuples. Raises `BadManifest` for an unknown key, a missing one, or another type."""
    known = {f.name: f for f in fields(kind)}  # type: ignore[arg-type]
    for key, value in values.items():
        if key not in known:
            raise BadManifest(f"{where}: unknown reader option '{key}'{nearest(key, known)}")
        fit = _types(str(known[key].type))
        if not isinstance(value, fit) or (isinstance(value, bool) and bool not in fit):
            expected = " or ".join(t.__name__ for t in fit)
            raise BadManifest(f"{where}: reader option '{key}' is {value!r:.60}, expected {expected}")
    try:
        return kind(**{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()})
    except TypeError as error:
        missing = str(error).rpartition("argument")[2].lstrip("s: ")
        raise BadManifest(f"{where}: the reader needs the option {missing}") from None


def pattern(text: str, where: str, key: str, flags: int = re.IGNORECASE) -> re.Pattern[str]:
    """A compiled option. Raises `BadManifest` naming the option."""
    try:
        return re.compile(text, flags)
    except re.error as error:
        raise BadManifest(f"{where}: reader option '{key}' is no regular expression: {error}") from None


def optional(text: str, where: str, key: str) -> re.Pattern[str] | None:
    """`pattern`, or None for an empty one."""
    return pattern(text, where, key) if text else None


def _types(annotation: str) -> tuple[type, ...]:
    """The TOML types that a field's annotation allows: `"<class 'str'>"` is `(str,)`."""
    names: dict[str, type] = {"str": str, "bool": bool, "int": int, "tuple": list, "Mapping": dict}
    return tuple(kind for name, kind in names.items() if re.search(rf"(?<![\w\[]){name}\b", _outer(annotation)))


def _outer(annotation: str) -> str:
    """An annotation without what stands in its square brackets."""
    return re.sub(r"\[.*?\]", "", annotation.replace("<class '", "").replace("'>", ""))
