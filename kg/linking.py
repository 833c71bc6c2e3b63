"""Linking: which stretches of a message name which entities of the graph.

Names and aliases (`kg.names`), misspellings (`kg.misspellings`), "you" and "your" as the persona, "he" and "she" from
what was said before (`kg.pronouns`), "your sister" along the graph (`kg.phrases`). A `Linker` is built for one
(stripped) graph, so it can't know a name before the show reveals it; a message costs the same however large that is.
"""

from kg.graph import Graph
from kg.names import apart, names_of, strangers
from kg.phrases import Phrase, read_phrases
from kg.pronouns import YOU, History, Pronouns
from kg.types import Mention
from parsing.manifest import Show

__all__ = ["History", "Linker", "names_of", "strangers"]


class Linker(Pronouns):
    """Links messages against one graph.

    Parameters
    ----------
    graph: as of the moment and the knower of the talk.
    show: for the personas' names.

    """

    def __init__(self, graph: Graph, show: Show) -> None:
        super().__init__(graph)
        self.show = show

    def link(self, message: str, persona_id: str, history: History = ()) -> tuple[Mention, ...]:
        """The mentions of a message, left to right.

        "your sister" gives a mention of the sister (`how="relation"`) beside that of "your"; a plural gives one each.
        """
        names = self.named(message, persona_id)
        names += self.misspelt(message, names, persona_id)
        names += [Mention(m[0], m.start(), m.end(), persona_id, "you") for m in YOU.finditer(message)]
        names = apart(names)
        names += self.pronouns(message, names, persona_id, history)
        names = [m for m in names if m.node in self.graph.nodes]
        phrases = read_phrases(message, names, self.graph)
        related = [
            Mention(message[p.start : p.end], p.start, p.end, node, "relation")
            for p in phrases
            if p.steps
            for node in ((p.apposed,) if p.apposed else p.nodes)
            if node in self.graph.nodes
        ]
        direct = {m.node for m in (*names, *related)}
        related += [
            Mention(message[p.start : p.end], p.start, p.end, node, "relation")
            for p in phrases
            for node in _on_the_way(p)
            if node in self.graph.nodes and node not in direct
        ]
        return tuple(sorted([*names, *related], key=lambda m: (m.start, m.end, m.how, m.node)))


def _on_the_way(phrase: Phrase) -> tuple[str, ...]:
    """Whom a phrase passes through: the sister of "your sister's husband", the owner of "your father's hat"."""
    through = [step.subject for step in phrase.steps[1:]] + ([phrase.owner] if phrase.steps else [])
    return tuple(dict.fromkeys(node for node in through if node))
