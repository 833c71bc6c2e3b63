"""What a pair of arguments of a DialogRE dialogue looks like, as words: for the bench variant alone.

The arguments are marked (`<x>`, `<y>`) and so are the turns of those who speak; triggers are never read. What our own
extractor says of the pair, and whom it takes the speakers for, are among the features.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from evaluation.dialogre import Dialogue, Pair, Said

_WORD = re.compile(r"<\w>|[\w']+|[?!]")
_NEAR = 4  # words on either side of an argument
_FEW = 4  # counts above it are one


@dataclass(frozen=True)
class View:
    """The first turns of a dialogue: who speaks, the words, who the speakers are taken for, what our extractor says."""

    speakers: tuple[tuple[str, ...], ...]
    texts: tuple[str, ...]
    people: Mapping[str, str]
    ours: Sequence[Said]
    graph: Sequence[Said]


def view_of(
    dialogue: Dialogue, turns: int, people: Mapping[str, str], ours: Sequence[Said], graph: Sequence[Said]
) -> View:
    """The first `turns` turns as features are read off them."""
    spoken = dialogue.spoken()[:turns]
    return View(tuple(w for w, _ in spoken), tuple(t for _, t in spoken), people, ours, graph)


def features(view: View, pair: Pair, n: int) -> list[str]:
    """The features of the n-th pair of a dialogue: words with a prefix that says where they stood."""
    ends = {"x": pair.x, "y": pair.y}
    turns = [_marked(text, ends) for text in view.texts]
    roles = ["".join(e for e, arg in ends.items() if arg in who) or "o" for who in view.speakers]
    found = [f"types {_kind(pair.x, pair.x_type)} {_kind(pair.y, pair.y_type)}"]
    found += _of_names(view, ends)
    found += [f"ours {r}" for r in view.ours[n]] + [f"graph {r}" for r in view.graph[n]]
    found += _counts(turns, roles)
    for i, (words, role) in enumerate(zip(turns, roles, strict=True)):
        around = {*roles[max(0, i - 1) : i], *roles[i + 1 : i + 2]}
        found += _of_turn(words, role, around)
    return found


def _kind(argument: str, kind: str) -> str:
    return "SPEAKER" if argument.startswith("Speaker ") else kind


def _marked(text: str, ends: Mapping[str, str]) -> list[str]:
    """The words of a turn, the arguments in it as `<x>` and `<y>`."""
    for end, argument in ends.items():
        if not argument.startswith("Speaker "):
            text = re.sub(rf"(?<!\w){re.escape(argument)}(?!\w)", f"<{end}>", text, flags=re.IGNORECASE)
    return _WORD.findall(text.lower())


def _of_names(view: View, ends: Mapping[str, str]) -> Iterator[str]:
    """What the arguments are called, and who their speakers are taken for."""
    who = {end: view.people.get(arg, arg.lower()) for end, arg in ends.items()}
    if all(not w.startswith("speaker") for w in who.values()):
        yield f"both {who['x']} {who['y']}"
    for end, argument in ends.items():
        yield f"{end} is {who[end]}"
        if not argument.startswith("Speaker "):
            words = argument.lower().split()
            yield f"{end} {'name' if argument[:1].isupper() else 'noun'} of {min(len(words), _FEW)}"
            yield from (f"{end} has {w}" for w in words)
            yield from (f"{end} ends {w[-3:]}" for w in words[-1:])


def _counts(turns: Sequence[Sequence[str]], roles: Sequence[str]) -> Iterator[str]:
    """How often the two speak, one after the other, name one another."""
    pairs = list(pairwise(roles))
    yield f"turns {min(len(turns) // 4, _FEW)}"
    yield f"speak after one another {min(sum({a, b} == {'x', 'y'} for a, b in pairs), _FEW)}"
    for end in "xy":
        for role in ("x", "y", "o"):
            said = [i for i, words in enumerate(turns) if f"<{end}>" in words and roles[i] == role]
            yield f"{role} says {end} {min(len(said), _FEW)}"
            beside = sum("x" in roles[max(0, i - 1) : i + 2] for i in said)
            yield f"{role} says {end} beside x {min(beside, _FEW)}"


def _of_turn(words: Sequence[str], role: str, around: set[str]) -> Iterator[str]:
    """The words of a turn, by who says it beside whom and by the arguments in it."""
    within = "".join(e for e in "xy" if f"<{e}>" in words)
    if within or role != "o":
        where = f"{role}>{within or '-'}"
        yield from (f"{where} {w}" for w in words)
        yield from (f"{where} {a} {b}" for a, b in pairwise(words))
        if around & {"x", "y"} and role != "o":
            facing = "".join(sorted(around & {"x", "y"} - {role}))
            yield from (f"{role} to {facing} {w}" for w in words if facing)
    yield from (f"any {w}" for w in words)
    for end in "xy":
        for i in (i for i, w in enumerate(words) if w == f"<{end}>"):
            near = words[max(0, i - _NEAR) : i], words[i + 1 : i + 1 + _NEAR]
            yield from (f"{role} before {end} {w}" for w in near[0])
            yield from (f"{role} after {end} {w}" for w in near[1])
            yield f"{role} at {end} {' '.join(near[0][-2:])} _ {' '.join(near[1][:2])}"
            yield f"{role} at {end} {' '.join(near[0][-1:])} _ {' '.join(near[1][:1])}"
