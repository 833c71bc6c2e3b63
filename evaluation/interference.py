"""Non-interference: what lies in the future must not show, in nothing that linking and retrieval give.

For twenty episodes and both ways of knowing, messages are read once against the view of the whole graph and once
against a graph that was stripped of everything revealed later, written to a file and read back: the readings have to
be the same, byte for byte. For three episodes a graph is also built anew from the transcripts up to there.
"""

import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from kg.graph import Graph
from kg.linking import Linker
from kg.questions import understand
from kg.recall import Notes
from kg.retrieval import retrieve
from kg.store import load_graph, read_graph, save_graph
from kg.talk import fact_row
from kg.types import Fact
from parsing.manifest import Show

EPISODES = 20
MESSAGES = (
    "Who is your sister?",
    "Are you married?",
    "Who are you dating?",
    "Do you have any children?",
    "Where do you live?",
    "What does your brother do for a living?",
    "Who is {later}?",
    "Are you married to {later}?",
    "What about {misspelt}?",
    "Who kissed {a}?",
    "What happened at the wedding?",
    "When did you and {later} break up?",
    "is it true that {a} is dating {b}",
    "What is the name of your child?",
    "tell me about yourself",
    "Who died?",
)


def measure(show: Show, rebuilt: int = 3) -> dict[str, Any]:
    """Readings compared, and what differs; for `rebuilt` episodes a graph built from the transcripts so far, too."""
    whole = load_graph(show)
    episodes = spread(show, EPISODES)
    compared, differing = 0, []
    for episode in episodes:
        stripped = written_and_read(whole.at(episode), whole)
        persona = min(whole.main & set(stripped.nodes))
        for knower in (None, persona):
            full, blind = Reading(whole.at(episode, knower), show), Reading(stripped.at(episode, knower), show)
            for message in messages(whole, persona, episode):
                compared += 1
                if full.of(message, persona) != blind.of(message, persona):
                    differing.append({"episode": episode, "knower": knower, "message": message})
    result: dict[str, Any] = {"episodes": episodes, "readings": compared, "differing": differing}
    if rebuilt:
        every = show.episodes
        early = [every[len(every) * (i + 1) // (2 * rebuilt + 2)] for i in range(rebuilt)]
        result["built_from_transcripts_so_far"] = {episode: so_far(show, episode) for episode in early}
    return result


def spread(show: Show, count: int) -> list[str]:
    """Episodes in even steps over the show."""
    step = max(1.0, len(show.episodes) / count)
    return [show.episodes[int((i + 0.5) * step)] for i in range(min(count, len(show.episodes)))]


def written_and_read(view: Graph, whole: Graph) -> Graph:
    """The stripped graph as another program would have it: through a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "graph.json.gz"
        save_graph(view, path)
        found = read_graph(path)
    return Graph(found.show, found.nodes.values(), found.stored, main=whole.main)


def messages(whole: Graph, persona: str, episode: str) -> list[str]:
    """The questions with names filled in, some of people who come later."""
    people = [n for n in whole.nodes.values() if n.type == "person" and n.id != persona]
    later = [n for n in people if n.revealed > episode] or people
    known = [n for n in people if n.revealed <= episode] or people
    chosen = later[len(episode) * 7 % len(later)].name
    a, b = known[0].name, known[-1].name
    misspelt = chosen[:1] + chosen[2:]
    return [m.format(later=chosen, a=a, b=b, misspelt=misspelt) for m in MESSAGES]


class Reading:
    """Everything that linking and retrieval give for a message, by one view."""

    def __init__(self, view: Graph, show: Show) -> None:
        self.view = view
        self.linker = Linker(view, show)
        self.notes = Notes(view)

    def of(self, message: str, persona: str) -> bytes:
        """The reading, as bytes."""
        mentions = self.linker.link(message, persona)
        asks = understand(message, mentions, persona, self.view)
        recalled = self.notes.rank(message, persona)
        found = retrieve(self.view, mentions, asks, persona, limit=50, recalled=recalled)
        rows = [
            fact_row(self.view, r.fact) | {"known_by": dict(r.fact.known_by), "score": r.score, "why": r.why}
            for r in found
        ]
        told = [[repr(m) for m in mentions], [repr(a) for a in asks], rows]
        return json.dumps(told, sort_keys=True).encode("utf-8")


def so_far(show: Show, episode: str) -> dict[str, Any]:
    """The extracted graph as of an episode beside one built from the transcripts up to it alone.

    They differ where later lines teach the extractor something of earlier ones: who is a person at all, which couple a
    second reading looks for, how long a series is (which sets the threshold). What only the whole graph has is such
    hindsight; it is not told before its `revealed`, which its own earliest evidence sets.
    """
    from kg.build import build_graph
    from parsing.tables import load_utterances

    table = load_utterances(show)
    early = build_graph(show, table[table.id.str[:6] <= episode], processes=1, cache=False).at(episode)
    whole = build_graph(show, table, processes=1).at(episode)
    a, b = ({(f.subject, f.relation, f.object, f.polarity) for f in g.stored} for g in (whole, early))
    dates = {(f.subject, f.relation, f.object, f.polarity): (f.since, f.until, f.revealed) for f in whole.stored}
    moved = [f for f in early.stored if dates.get((f.subject, f.relation, f.object, f.polarity), f) != _dates(f)]
    return {
        "whole": len(a),
        "so_far": len(b),
        "both": len(a & b),
        "only_in_the_whole": dict(Counter(relation for _, relation, _, _ in a - b).most_common()),
        "only_so_far": dict(Counter(relation for _, relation, _, _ in b - a).most_common()),
        "dated_otherwise": sum((f.subject, f.relation, f.object, f.polarity) in a for f in moved),
    }


def _dates(fact: Fact) -> tuple[str, str | None, str]:
    return fact.since, fact.until, fact.revealed
