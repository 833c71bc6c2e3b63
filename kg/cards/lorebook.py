"""A lorebook from the graph: one entry an entity, and one a thing remembered; each worded from facts in our own words.

The graph handed in decides what is in it: stripped to an episode it tells nothing that comes later, stripped to a
character nothing that this character doesn't know.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from kg.cards.keys import keys_of, pattern_of
from kg.cards.tokens import fitting
from kg.english import is_english
from kg.graph import Graph
from kg.recall import NOTE, terms
from kg.relations import relations
from kg.types import Fact, Node
from kg.wording import sentence

BUDGET = 600  # tokens of lore in a prompt at a time
SCAN_DEPTH = 4  # messages that are searched for keys
_SHARE = 4  # an entry takes at most this part of the budget
_NOTES = 400  # most entries of things remembered, the latest ones
_TELLING = 4  # words by which such an entry is found


def lorebook(
    graph: Graph, title: str, persona: str = "", budget: int = BUDGET, said: Collection[str] = ()
) -> dict[str, Any]:
    """A lorebook in the form of V3 (https://github.com/kwaroran/character-card-spec-v3), which V2 readers take too.

    `persona` is the node of the character whose book it is: its own facts are always in, and what it remembers.
    `said` are the sentences that the card has elsewhere.
    """
    nodes = sorted(graph.entities(), key=lambda n: (n.id != persona, -len(graph.facts_about(n.id)), n.id))
    written = [entry for n in nodes if (entry := _entity(graph, n, persona, budget // _SHARE, said)) is not None]
    written += _remembered(graph, persona, budget // _SHARE)
    return {
        "name": _name(graph, title, persona),
        "description": f"Written by Canon from its graph of {title}, {_edition(graph)}.",
        "scan_depth": SCAN_DEPTH,
        "token_budget": budget,
        "recursive_scanning": False,
        "extensions": {"canon": {"show": graph.show, "as_of": graph.as_of, "knower": graph.knower}},
        "entries": [{**entry, "id": n} for n, entry in enumerate(written)],
    }


def told(graph: Graph, facts: Iterable[Fact]) -> list[str]:
    """The facts as sentences of a third person, each once; events by their first role only."""
    said: dict[str, None] = {}
    events: set[str] = set()
    for fact in facts:
        if relations()[fact.relation].event:
            if fact.relation != "agent" or fact.subject in events:
                continue
            events.add(fact.subject)
            said[f"{sentence(graph, fact, '')[:-1]} ({graph.nodes[fact.subject].revealed})."] = None
        elif fact.object or not fact.polarity:
            said[sentence(graph, fact, "")] = None
    return list(said)


def life(graph: Graph, node: str) -> list[Fact]:
    """What is told of an entity, no notes: what holds, what held, then events; of each relation one fact, then another.

    The relations come in the order of the table.
    """
    facts = [f for f in graph.facts_about(node) if f.relation != NOTE and _from(f, node)]
    facts.sort(key=lambda f: (-f.confidence, f.revealed, f.id))
    order = {name: place for place, name in enumerate(relations())}
    rounds: Counter[tuple[str, bool]] = Counter()
    ranked = []
    for fact in facts:
        kind = (fact.relation, graph.now(fact))
        rounds[kind] += 1
        event = relations()[fact.relation].event
        ranked.append(((event, not kind[1], rounds[kind], order[fact.relation]), fact))
    return [fact for _, fact in sorted(ranked, key=lambda pair: pair[0])]


def _from(fact: Fact, node: str) -> bool:
    """Does the fact start from the entity? Of an event it is enough to take part; names are keys, not news."""
    if relations()[fact.relation].event:
        return fact.object == node and not fact.literal
    return fact.subject == node and fact.relation not in {"nickname", "species"}


def _entity(graph: Graph, node: Node, persona: str, budget: int, said: Collection[str]) -> dict[str, Any] | None:
    facts = life(graph, node.id)
    if node.type != "person":
        facts += [f for f in graph.facts_about(node.id) if f.subject != node.id and not relations()[f.relation].event]
    notes = [f for f in graph.facts_about(node.id) if f.relation == NOTE and f.subject == node.id]
    if node.id != persona:
        facts += sorted(notes, key=lambda f: f.revealed, reverse=True)
    lines = fitting((line for line in told(graph, facts) if line not in said), budget)
    if not lines:
        return None
    keys = keys_of(node, graph)
    entry = _entry(keys.patterns, " ".join(lines), f"{node.name} ({node.type})", len(facts))
    entry["case_sensitive"] = False  # the patterns say it one by one
    entry["constant"] = node.id == persona
    entry["extensions"]["canon"] = {"node": node.id, "plain": list(keys.plain), "common": keys.case_sensitive}
    return entry


def _remembered(graph: Graph, persona: str, budget: int) -> list[dict[str, Any]]:
    """What the persona remembers, a note an entry: two of its telling words bring it up."""
    notes = [f for f in graph.stored if f.relation == NOTE and f.polarity and persona in {f.subject, graph.knower}]
    notes = [f for f in notes if f.subject == persona or _names(graph, persona, f.object)]
    notes = sorted(notes, key=lambda f: (f.revealed, f.id), reverse=True)[:_NOTES]
    seen = Counter(term for f in notes for term in set(terms(f.object)))
    names = {part.casefold() for n in graph.entities() for part in n.name.split()}
    found = []
    for fact in notes:
        words = _telling(fact.object, seen, names)
        if len(words) < 2 or not fitting([fact.object], budget):
            continue
        first, *others = (pattern_of(word) for word in words)
        entry = _entry([first], fact.object, f"{fact.revealed}: {words[0]}", 1)
        entry |= {"selective": True, "secondary_keys": others}
        entry["extensions"]["canon"] = {"fact": fact.id, "plain": words[:1], "plain_secondary": words[1:]}
        found.append(entry)
    return found


def _names(graph: Graph, persona: str, text: str) -> bool:
    return bool(persona) and graph.name(persona).split()[0] in text


def _telling(text: str, seen: Counter[str], names: set[str]) -> list[str]:
    """The words of a note that the fewest others have, as they stand there; names tell nothing."""
    words = {term: word for word in _words(text) for term in terms(f"x {word}") if term.casefold() not in names}
    ranked = sorted((t for t in words if seen[t]), key=lambda t: (seen[t], -len(t), t))
    return [words[t] for t in ranked if len(words[t]) > 2 or not is_english(words[t])][:_TELLING]


def _words(text: str) -> list[str]:
    plain = (word.strip(".,;:!?\"'()“”") for word in text.split())
    return [word.removesuffix("'s").removesuffix("’s") for word in plain if word]


def _entry(keys: Sequence[str], content: str, comment: str, weight: int) -> dict[str, Any]:
    """One entry; `priority` keeps what much is known of when the budget is short."""
    return {
        "keys": list(keys),
        "content": content,
        "extensions": {"match_whole_words": True},
        "enabled": True,
        "insertion_order": 100,
        "use_regex": True,
        "case_sensitive": False,
        "constant": False,
        "name": comment,
        "comment": comment,
        "priority": min(weight, 100),
        "selective": False,
        "secondary_keys": [],
        "position": "before_char",
    }


def _name(graph: Graph, title: str, persona: str) -> str:
    whose = f", what {graph.name(persona)} knows" if persona and graph.knower else ""
    return f"{title}{whose}, {_edition(graph)}"


def _edition(graph: Graph) -> str:
    return f"up to {graph.as_of}" if graph.as_of else "all of it"
