"""A show made ready to talk: its graphs, and for each moment and knower the stripped graph with what reads by it.

Everything downstream of `Stage.scene` gets the stripped graph only; what comes later isn't there to be leaked.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from app.names import NameFilter
from app.voices import Voice, load_voices
from kg.languages import RUSSIAN
from parsing.errors import NotFound
from parsing.manifest import CastMember, Show

if TYPE_CHECKING:
    from kg.graph import Graph
    from kg.linking import Linker
    from kg.recall import Notes
    from kg.verification import Verifier

_KEPT = 64  # scenes kept ready, the least used goes first


@dataclass(frozen=True)
class Scene:
    """One moment and one knower: the stripped graph, and what links, checks and filters by it."""

    show: Show
    as_of: str
    graph: "Graph"

    @cached_property
    def linker(self) -> "Linker":
        """Finds who is named."""
        from kg.linking import Linker

        return Linker(self.graph, self.show)

    @cached_property
    def verifier(self) -> "Verifier":
        """Checks what a candidate claims."""
        from kg.verification import Verifier

        return Verifier(self.graph, self.show)

    @cached_property
    def names(self) -> NameFilter:
        """Which names may be said."""
        return NameFilter(self.graph, self.show)

    @cached_property
    def notes(self) -> "Notes":
        """What is remembered in words."""
        from kg.recall import Notes

        return Notes(self.graph)

    def named(self, text: str, speaker: str) -> set[str]:
        """Ids of those whom the text calls by a name, whether or not it is spelt right."""
        return {m.node for m in self.linker.link(text, speaker) if m.how in {"alias", "fuzzy"}}

    def ready(self) -> "Scene":
        """The same, with everything made that a show in English is read by; one in Russian has readers of its own."""
        if self.show.language != RUSSIAN:
            _ = self.linker, self.verifier, self.names, self.notes
        return self


class Stage:
    """One show. Graphs are loaded when first asked for; threads may ask at the same time."""

    def __init__(self, show: Show, graphs: "Mapping[bool, Graph] | None" = None) -> None:
        """`graphs` (by `curated`) replaces what lies on disk."""
        self.show = show
        self._graphs: dict[bool, Graph] = dict(graphs or {})
        self._scenes: OrderedDict[tuple[str, str | None, bool], Scene] = OrderedDict()
        self._lock = threading.RLock()

    @cached_property
    def voices(self) -> Mapping[str, Voice]:
        """Each persona's own lines, by slug."""
        return load_voices(self.show)

    def graph(self, curated: bool = True) -> "Graph":
        """The whole graph, with or without its corrections. Raises `NotFound` or `BadFile`."""
        from kg.graph import load_graph

        with self._lock:
            if curated not in self._graphs:
                self._graphs[curated] = load_graph(self.show, curated)
            return self._graphs[curated]

    def node(self, member: CastMember, curated: bool = True) -> str:
        """The node of a persona. Raises `NotFound` where the graph has none."""
        for node in self.graph(curated).nodes.values():
            if node.name == member.name:
                return node.id
        raise NotFound(f"the graph of {self.show.title} has no '{member.name}': build it with `python -m kg build`")

    def scene(self, as_of: str, knower: str | None, curated: bool = True) -> Scene:
        """What may be said as of an episode by `knower` (None: whatever the viewer knows)."""
        key = (as_of, knower, curated)
        with self._lock:
            if key not in self._scenes:
                graph = self.graph(curated).at(as_of, knower)
                self._scenes[key] = Scene(self.show, as_of, graph).ready()
                if len(self._scenes) > _KEPT:
                    self._scenes.popitem(last=False)
            self._scenes.move_to_end(key)
            return self._scenes[key]
