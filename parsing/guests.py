"""Guests of one name: whom a show calls John in one episode and John in another season are two people.

A label that is a common name (common_names.toml) is one person only inside a run of neighbouring episodes, unless it
speaks in so many episodes that it belongs to the show, or the manifest keeps it (`[keep] "Carol" = "person"`). A rare
name (Nechayev) is one person wherever it stands. And a bare first name is not the member of the cast who also bears it
where that one speaks beside it, or is nowhere near.
"""

from collections.abc import Iterable, Mapping, Sequence

from parsing.labels import Labels
from parsing.roles import GIVEN, SURNAMES, TITLES, untitled

RECURRING = 0.1  # of a show's episodes: who speaks in so many belongs to it, however common the name
_RARELY = 4  # a cast member is labelled otherwise so many times as often where a label is doubted


def is_common(key: str) -> bool:
    """Is this folded label a single common name (`john`, `mr smith`; not `bob vance`), or one of a number (`kirk2`)?"""
    name = untitled(key)[1]
    return name in GIVEN or name in SURNAMES or name[-1:].isdigit()


def runs(episodes: Iterable[str], order: Sequence[str]) -> list[tuple[str, ...]]:
    """The given episodes in runs of neighbours; `order` are all episodes of the show in story order."""
    place = {episode: i for i, episode in enumerate(order)}
    found: list[list[str]] = []
    for episode in sorted(episodes, key=place.__getitem__):
        if found and place[episode] - place[found[-1][-1]] == 1:
            found[-1].append(episode)
        else:
            found.append([episode])
    return [tuple(run) for run in found]


def guests(key: str, episodes: Iterable[str], labels: Labels) -> list[tuple[str, ...]]:
    """The runs of episodes in which a label is a person each; a single empty one where it is the same everywhere."""
    where = set(episodes)
    recurs = len(where) >= RECURRING * len(labels.scenes) and not key[-1:].isdigit()
    if not is_common(key) or recurs:
        return [()]
    found = runs(where, sorted(labels.scenes))
    return found if len(found) > 1 else [()]


def strangers(labels: Labels, aliases: Mapping[str, str], known: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    """(folded label, episode) where a bare name is somebody else than the member of the cast who is called so.

    `aliases` are the labels that are short names of the cast, `known` all labels of the cast: label -> name. Doubted
    is what the transcripts seldom use for the member. A common name is a stranger in an episode in which the member's
    other labels speak in the same scene, and in a season in which they never speak; a bare title always.
    """
    found = set()
    for key, name in aliases.items():
        others = [k for k, n in known.items() if n == name and k != key]
        if _RARELY * labels.lines(key) > sum(map(labels.lines, others)) or not (is_common(key) or key in TITLES):
            continue
        seasons = {e[:3] for k in others for e in labels.episodes(k)}
        for episode in labels.episodes(key):
            beside = any(labels.together(key, k, episode) for k in others)
            if beside or key in TITLES or episode[:3] not in seasons:
                found.add((key, episode))
    return frozenset(found)
