"""How one row of corrections changes a graph: nodes made or renamed, rivals retired, facts and events added.

`kg.corrections` says what the columns mean.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from kg.events import event_node, role_facts
from kg.graph import CURATED, Graph, fact_id, node_id
from kg.relations import LITERALS, NODE_TYPES, Relation, relations
from kg.types import Alias, Fact, Node
from parsing.episodes import BEFORE
from parsing.errors import BadFile, CanonError
from parsing.manifest import Show, build_dir

_LIVING = frozenset({"person", "animal"})
_ACTIONS = frozenset({"add", "remove", "replace"})
_UTTERANCE = re.compile(r"S\d{2}E\d{2}\.\d+\.\d+")
_TRUE = {"": True, "true": True, "1": True, "yes": True, "+": True, "false": False, "0": False, "no": False, "-": False}


@dataclass(frozen=True)
class Correction:
    """One row of the file, as it stands there."""

    action: str
    subject: str
    subject_type: str
    relation: str
    object: str
    object_type: str
    polarity: str = ""
    since: str = ""
    until: str = ""
    revealed: str = ""
    known_by: str = ""
    evidence: str = ""
    comment: str = ""


class Curation:
    """The graph while corrections are laid over it, row by row."""

    def __init__(self, graph: Graph, show: Show) -> None:
        self.show = show
        self.base = graph
        self.nodes = dict(graph.nodes)
        self.facts = [f for f in graph.stored if f.extractor != CURATED] + list(graph.retired)
        self.retired: list[Fact] = []
        self.curated: list[Fact] = []
        self.transcript = _transcript(show)
        self.named_in_cast = frozenset(node_id(m.name) for m in show.cast)
        # of the cast whose names are said, the build knows when: what is known of them before goes without a name
        self.dated = frozenset(i for i in self.named_in_cast if i in graph.nodes and graph.nodes[i].aliases)

    def _told_whole(self) -> None:
        """Set aside what was extracted of a relation whose whole course the corrections tell for somebody."""
        told = {(f.subject, f.relation) for f in self.curated if relations()[f.relation].told_whole}
        aside = [f for f in self.facts if (f.subject, f.relation) in told]
        self.retired += aside
        self.facts = [f for f in self.facts if (f.subject, f.relation) not in told]

    def graph(self) -> Graph:
        """The graph with all rows so far."""
        self._told_whole()
        return Graph(
            self.base.show, self.nodes.values(), [*self.facts, *self.curated], self.retired, main=self.base.main
        )

    def apply(self, row: Correction) -> None:
        """Lay one row over the graph. Raises `BadFile` without the line, which only the reader of the file knows."""
        if row.action not in _ACTIONS:
            raise BadFile(f"action '{row.action}' must be one of {', '.join(sorted(_ACTIONS))}")
        if row.relation == "gender":
            self._set_gender(row)
            return
        if row.relation in relations().events:
            self._event(row)
            return
        relation = relations().named(row.relation)
        subject, object_, literal = self._ends(row, relation)
        if row.action != "add":
            self._retire(row, relation, subject, object_)
        if row.action != "remove":
            self._add(row, relation, subject, object_, literal)

    def _ends(self, row: Correction, relation: Relation) -> tuple[str, str, bool]:
        literal = row.object_type in LITERALS
        if row.object_type not in relation.range:
            raise BadFile(
                f"object_type '{row.object_type}' of {relation.name} must be one of {', '.join(relation.range)}"
            )
        if row.subject_type not in relation.domain:
            raise BadFile(
                f"subject_type '{row.subject_type}' of {relation.name} must be one of {', '.join(relation.domain)}"
            )
        if not row.subject or (not row.object and _TRUE.get(row.polarity.lower(), True) and row.action != "replace"):
            raise BadFile("subject and object must be filled (an empty object is for a negative fact)")
        revealed = self._episode(row.revealed, "revealed") or "S01E01"
        subject = self._node(row.subject, row.subject_type, revealed, row.action)
        if literal or not row.object:
            return subject, row.object, True
        return subject, self._node(row.object, row.object_type, revealed, row.action), False

    def _node(self, name: str, kind: str, revealed: str, action: str) -> str:
        """The id of a named node; a new one where the graph has none and something is added."""
        wanted = _bare(name)
        named = [n for n in self.nodes.values() if wanted in {_bare(n.name), n.id}]
        if action != "remove" and kind in _LIVING and not any(n.type == kind for n in named):
            named = [self._retyped(n, kind) for n in named if n.type in _LIVING]
        for node in named:
            if node.type == kind:
                if action != "remove":  # the curated spelling wins: "Bloomingdale's", where lines gave "Bloomingdale"
                    own = name if kind == "organisation" else node.name
                    since = node.revealed if node.id in self.dated else min(revealed, node.revealed)
                    self.nodes[node.id] = replace(node, name=own, revealed=since)
                return node.id
        if action == "remove":
            raise BadFile(f"the graph has no {kind} '{name}' to remove something of")
        new = node_id(name)
        if not new or kind not in NODE_TYPES:
            raise BadFile(f"'{name}' can't be the name of a {kind or 'node'}")
        while new in self.nodes:
            new += "_"
        member = next((m for m in self.show.cast if m.name == name), None)
        called = member.aliases if member else _called(name, kind)
        aliases = tuple(Alias(a, revealed) for a in called)
        self.nodes[new] = Node(new, kind, name, aliases, member.gender if member else "", revealed)
        return new

    def _retyped(self, node: Node, kind: str) -> Node:
        """Marcel is a monkey: what extraction took him for, and what only a person can be, goes."""
        changed = replace(node, type=kind)
        self.nodes[node.id] = changed
        self._drop(f for f in self.facts if self._unfit(f, node.id, kind))
        return changed

    @staticmethod
    def _unfit(fact: Fact, node: str, kind: str) -> bool:
        relation = relations()[fact.relation]
        ends = ((fact.subject, relation.domain), (fact.object, relation.range))
        return any(end == node and kind not in types for end, types in ends)

    def _set_gender(self, row: Correction) -> None:
        if row.object not in {"female", "male"}:
            raise BadFile(f"gender '{row.object}' must be female or male")
        node = self._node(row.subject, row.subject_type, self._episode(row.revealed, "revealed") or "S01E01", "add")
        self.nodes[node] = replace(self.nodes[node], gender=row.object)

    def _event(self, row: Correction) -> None:
        """An event with its roles, in place of an extracted one of the same kind, people and episode."""
        roles = {name: relations()[name].range for name in ("agent", "patient")}
        wanted = (
            ("subject_type", row.subject_type, roles["agent"]),
            ("object_type", row.object_type, roles["patient"]),
        )
        for column, kind, types in wanted:
            if kind not in types and (column == "subject_type" or row.object):
                raise BadFile(f"{column} '{kind}' of {row.relation} must be one of {', '.join(types)}")
        if not row.subject:
            raise BadFile("an event needs a subject, who does it")
        since, revealed, evidence = self._dates(row)
        agent = self._node(row.subject, row.subject_type, revealed, row.action)
        literal = row.object_type in LITERALS
        patient = row.object
        if row.object and not literal:
            patient = self._node(row.object, row.object_type, revealed, row.action)
        self._drop_event(row.relation, since, {agent, patient} - {""})
        if row.action == "remove":
            return
        node = event_node(row.relation, since, agent, patient, revealed)
        self.nodes[node.id] = node
        known = self._known_by(row.known_by, revealed, evidence)
        self.curated += role_facts(
            node, since, [agent], patient, literal, known_by=known, evidence=evidence, extractor=CURATED
        )

    def _drop_event(self, kind: str, since: str, people: set[str]) -> None:
        """Retire the extracted events of a kind in an episode in which just these took part."""
        same = {f.subject for f in self.facts if (f.relation, f.object, f.since) == ("event_kind", kind, since)}
        ends: dict[str, set[str]] = {event: set() for event in same}
        for f in self.facts:
            if f.subject in same and f.relation in {"agent", "patient"}:
                ends[f.subject].add(f.object)
        gone = {event for event, found in ends.items() if found == people}
        self._drop(f for f in self.facts if f.subject in gone)

    def _retire(self, row: Correction, relation: Relation, subject: str, object_: str) -> None:
        """Take out extracted facts: the one named, or with `replace` all of this subject and relation."""
        ends = {(subject, relation.name, object_)}
        if relation.inverse:
            ends.add((object_, relation.inverse, subject))
        gone = [
            f
            for f in self.facts
            if (f.subject, f.relation, f.object) in ends
            or (row.action == "replace" and (f.subject, f.relation) == (subject, relation.name))
        ]
        if not gone and row.action == "remove":
            raise BadFile(f"the graph has no ({row.subject}, {relation.name}, {row.object}) to remove")
        self._drop(gone)

    def _drop(self, gone: Iterable[Fact]) -> None:
        ids = {id(f) for f in gone}
        self.retired += [f for f in self.facts if id(f) in ids]
        self.facts = [f for f in self.facts if id(f) not in ids]

    def _add(self, row: Correction, relation: Relation, subject: str, object_: str, literal: bool) -> None:
        fact = self._fact(row, subject, object_, literal)
        same = {(subject, object_), (object_, subject)} if relation.symmetric else {(subject, object_)}
        inverse = {(object_, relation.inverse, subject)} if relation.inverse and not literal else set()
        rivals = [
            f
            for f in self.facts
            if (f.relation == relation.name and (f.subject, f.object) in same)
            or (f.subject, f.relation, f.object) in inverse
            or (relation.functional and self._conflict(f, fact, relation))
        ]
        rivals += [f for f in self.facts if f.relation == relation.name and self._shorter(f, fact)]
        self._drop(rivals)
        self.curated.append(fact)
        if relation.name in {"nickname", "full_name"} and fact.polarity:
            node = self.nodes[subject]
            if object_ not in {a.text for a in node.aliases}:
                self.nodes[subject] = replace(node, aliases=(*node.aliases, Alias(object_, fact.revealed)))

    def _shorter(self, old: Fact, new: Fact) -> bool:
        """The same of one person by the first name alone: "Tina" where the curated row has Tina Tribbiani."""
        if old.literal or new.literal or old.polarity != new.polarity:
            return False
        turned = (old.object, old.subject) if relations()[old.relation].symmetric else (old.subject, old.object)
        for subject, object_ in ((old.subject, old.object), turned):
            for shared, short, mine, whole in (
                (subject, object_, new.subject, new.object),
                (object_, subject, new.object, new.subject),
            ):
                names = self.nodes[short].name, self.nodes[whole].name
                same = shared == mine and short not in self.named_in_cast and names[0] != names[1]
                if same and names[0] in _without_kin(names[1]).split()[:1]:
                    return True
        return False

    def _conflict(self, old: Fact, new: Fact, relation: Relation) -> bool:
        """Two objects of a functional relation at one time; of a symmetric one, seen from either end."""
        if old.relation != relation.name or not (old.polarity and new.polarity):
            return False
        ends_old, ends_new = {old.subject}, {new.subject}
        if relation.symmetric:
            ends_old, ends_new = {old.subject, old.object}, {new.subject, new.object}
        if not ends_old & ends_new:
            return False
        start_old, start_new = ("" if f.since == BEFORE else f.since for f in (old, new))
        return start_old < (new.until or "~") and start_new < (old.until or "~")

    def _fact(self, row: Correction, subject: str, object_: str, literal: bool) -> Fact:
        if row.polarity.lower() not in _TRUE:
            raise BadFile(f"polarity '{row.polarity}' must be true or false")
        polarity = _TRUE[row.polarity.lower()]
        since, revealed, evidence = self._dates(row)
        until = self._episode(row.until, "until") or None
        if until is not None and since != BEFORE and until <= since:
            raise BadFile(f"until {until} must come after since {since}")
        known = self._known_by(row.known_by, revealed, evidence)
        return Fact(
            id=fact_id(subject, row.relation, object_, polarity, since),
            subject=subject,
            relation=row.relation,
            object=object_,
            literal=literal,
            polarity=polarity,
            since=since,
            until=until,
            revealed=revealed,
            known_by=known,
            evidence=evidence,
            extractor=CURATED,
        )

    def _dates(self, row: Correction) -> tuple[str, str, tuple[str, ...]]:
        """`since`, `revealed` and the evidence of a row, checked."""
        since = BEFORE if row.since in {"", BEFORE} else self._episode(row.since, "since")
        evidence = tuple(e.strip() for e in re.split(r"[;\s]+", row.evidence) if e.strip())
        self._check_evidence(evidence)
        revealed = self._episode(row.revealed, "revealed") or (min(e[:6] for e in evidence) if evidence else "")
        if not revealed:
            raise BadFile("needs 'revealed' or an evidence id to take it from")
        return since, revealed, evidence

    def _episode(self, text: str, column: str) -> str:
        if not text:
            return ""
        try:
            return self.show.as_of(text)
        except CanonError as error:
            raise BadFile(f"{column}: {error}") from None

    def _check_evidence(self, evidence: Iterable[str]) -> None:
        for utterance in evidence:
            if not _UTTERANCE.fullmatch(utterance):
                raise BadFile(f"evidence '{utterance}' is no utterance id such as S01E03.05.012")
            self._episode(utterance[:6], "evidence")
            if self.transcript is not None and utterance not in self.transcript:
                raise BadFile(f"evidence '{utterance}' is no utterance of the transcripts")

    def _known_by(self, text: str, revealed: str, evidence: tuple[str, ...]) -> dict[str, str]:
        known: dict[str, str] = {}
        for part in (p.strip() for p in text.split(";") if p.strip()):
            name, _, moment = part.partition("@")
            when = max(self._episode(moment.strip(), "known_by") or revealed, revealed)
            if name == "main":
                people = [m.name for m in self.show.personas]
            elif name == "present":
                people = self._present(evidence)
            else:
                people = [self.show.member(name.strip()).name]
            for person in people:
                node = node_id(person)
                if node in self.nodes:
                    known[node] = min(known.get(node, when), when)
        return dict(sorted(known.items()))

    def _present(self, evidence: tuple[str, ...]) -> list[str]:
        """Who is in the scenes of the evidence; without transcripts nobody can be named."""
        if self.transcript is None:
            raise BadFile(f"known_by 'present' needs the transcripts; run python -m parsing {self.show.id} first")
        if not evidence:
            raise BadFile("known_by 'present' needs an evidence id")
        return sorted({name for e in evidence for name in self.transcript[e]})


def _bare(name: str) -> str:
    """A name as two spellings of it are compared: in lower case, without a possessive's ending."""
    return re.sub("['’]s?$", "", name.casefold())


def _without_kin(name: str) -> str:
    """A name without the word of kin in front: "Uncle Nathan" is Nathan."""
    return re.sub(r"^(?:Aunt|Uncle|Cousin|Grandma|Grandpa) ", "", name)


def _called(name: str, kind: str) -> tuple[str, ...]:
    """The first name of a person outside the cast, which is what people say."""
    words = [w for w in name.split() if not w.endswith(".")]
    return (words[0],) if kind == "person" and len(words) > 1 else ()


def _transcript(show: Show) -> Mapping[str, list[str]] | None:
    """Who is present at each utterance, by its id; None where the show isn't parsed."""
    path = build_dir(show) / "utterances.parquet"
    if not path.is_file():
        return None
    table = pd.read_parquet(path, columns=["id", "present"])
    return {str(i): [str(p) for p in present] for i, present in zip(table["id"], table["present"], strict=True)}
