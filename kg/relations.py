"""The relations table: `relations.toml` read once, checked, and handed out as `Relation` and `EventKind` objects.

What a relation is (inverse, functional, range), how it is asked for and how it is said stands in that file and nowhere
else. `relations()` is cached; importing this module reads nothing.
"""

import re
import string
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any

from parsing.errors import BadFile, BadInput
from parsing.manifest import nearest

TABLE = Path(__file__).with_name("relations.toml")
NODE_TYPES = frozenset({"person", "place", "organisation", "animal", "thing", "event"})
LITERALS = frozenset({"text", "number", "date"})
_PLACEHOLDERS = frozenset(
    {"object", "Object", "a_object", "subject", "Subject", "label", "labels", "possessive", "Possessive", "n", "times"}
)
_TERM = re.compile(r"(?:schema|rel):\w+")
_GENDERS = frozenset({"any", "female", "male"})
GROUPS = ("family", "love", "friends", "work", "home", "other")


@dataclass(frozen=True)
class Relation:
    """One relation, as `relations.toml` explains its keys."""

    name: str
    inverse: str = ""  # the relation read from the object's side; its own name where symmetric, "" where it has none
    symmetric: bool = False
    functional: bool = False  # one object at a time
    complete: bool = False  # where one object is known, all are
    closed: bool = False  # of a persona, nothing known means that there is none
    exclusive: bool = False  # what is known to be somebody else's is nobody's besides them
    event: bool = False  # a role of an event node
    domain: tuple[str, ...] = ()
    range: tuple[str, ...] = ()
    derived: tuple[tuple[str, ...], ...] = ()  # each a path of relation names
    excludes: frozenset[str] = frozenset()
    implied_by: tuple[str, ...] = ()  # relations that answer a question about this one
    label: Mapping[str, str] = field(default_factory=dict)  # by gender of the object
    plural: Mapping[str, str] = field(default_factory=dict)
    former: Mapping[str, str] = field(default_factory=dict)
    nouns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by gender asked for
    agent_nouns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # what the subject is ("a mother")
    verbs: tuple[str, ...] = ()
    former_verbs: tuple[str, ...] = ()
    not_verbs: tuple[str, ...] = ()  # predicates that deny it ("be single")
    words: tuple[str, ...] = ()  # literals that are words of their own (occupations)
    wh: tuple[str, ...] = ()
    first: tuple[str, ...] = ("{Possessive} {label} is {object}.",)
    third: tuple[str, ...] = ("{Possessive} {label} is {object}.",)
    first_past: tuple[str, ...] = ("{Possessive} {label} was {object}.",)
    third_past: tuple[str, ...] = ("{Possessive} {label} was {object}.",)
    first_not: tuple[str, ...] = ("{Object} isn't {possessive} {label}.",)
    third_not: tuple[str, ...] = ("{Object} isn't {possessive} {label}.",)
    first_none: tuple[str, ...] = ("I don't have {a_label}.",)
    third_none: tuple[str, ...] = ("{subject} doesn't have {a_label}.",)
    counted_first: tuple[str, ...] = ("I have {n} {labels}: {object}.",)
    counted_third: tuple[str, ...] = ("{subject} has {n} {labels}: {object}.",)
    counted_former_first: tuple[str, ...] = ()
    counted_former_third: tuple[str, ...] = ()
    told_whole: bool = False  # corrections of it tell somebody's whole course: what was extracted of it is set aside
    narrowed_by: str = ""  # relation of the object that nouns of this one name: "dog" of a pet
    prompt_first: str = ""
    prompt_third: str = ""
    group: str = "other"  # one of `GROUPS`, by which a drawing of a neighbourhood is ordered
    terms: tuple[str, ...] = ()  # what other vocabularies call it: "schema:sibling", "rel:siblingOf"

    @property
    def literal(self) -> bool:
        """Is the object a literal and never a node?"""
        return bool(self.range) and set(self.range) <= LITERALS

    def word(self, gender: str = "", plural: bool = False, former: bool = False) -> str:
        """What the object is called: `relations()["sibling"].word("female") == "sister"`."""
        table = self.plural if plural and self.plural else self.label
        if former:
            if self.former:
                return self.former.get(gender) or self.former["any"]
            return f"former {table.get(gender) or table['any']}"
        return table.get(gender) or table["any"]


@dataclass(frozen=True)
class EventKind:
    """A kind of event: its question predicates and how it is told."""

    name: str
    verbs: tuple[str, ...] = ()
    told: str = ""
    mutual: bool = False  # agent and patient may be exchanged ("A kissed B")
    states: str = ""  # relation of agent and patient that a question about it presupposes


class Relations(Mapping[str, Relation]):
    """All relations by name, and `events` by kind."""

    def __init__(self, table: Mapping[str, Relation], events: Mapping[str, EventKind]) -> None:
        self._table = dict(table)
        self.events = dict(events)

    def __getitem__(self, name: str) -> Relation:
        return self._table[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._table)

    def __len__(self) -> int:
        return len(self._table)

    def named(self, name: str) -> Relation:
        """The relation called `name`. Raises `BadInput` naming the nearest."""
        if name not in self._table:
            raise BadInput(f"no relation '{name[:40]}'{nearest(name, self._table)}; kg/relations.toml has {len(self)}")
        return self._table[name]


@cache
def relations() -> Relations:
    """The project's relations (read once)."""
    return load_relations(TABLE)


def load_relations(path: Path) -> Relations:
    """Read a relations table. Raises `BadFile` naming the relation and key that don't fit."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadFile(f"{path}: not a readable TOML file: {error}") from None
    for key in data:
        if key not in {"relation", "event"}:
            raise BadFile(f"{path}: unknown table [{key}], expected [relation.*] or [event.*]")
    table = {name: _relation(name, entry, path) for name, entry in data.get("relation", {}).items()}
    events = {name: _entry(EventKind, name, entry, path) for name, entry in data.get("event", {}).items()}
    for relation in table.values():
        _check(relation, table, path)
    for kind in events.values():
        if kind.states and kind.states not in table:
            raise BadFile(f"{path}: event '{kind.name}': states names no relation: '{kind.states}'")
    return Relations(table, events)


def _relation(name: str, entry: Mapping[str, Any], path: Path) -> Relation:
    values: dict[str, Any] = dict(entry)
    values["derived"] = tuple(tuple(rule.split()) for rule in entry.get("derived", ()))
    values["excludes"] = frozenset(entry.get("excludes", ()))
    for key in ("nouns", "agent_nouns"):
        values[key] = {gender: tuple(words) for gender, words in entry.get(key, {}).items()}
    if entry.get("symmetric"):
        if entry.get("inverse", name) != name:
            raise BadFile(f"{path}: relation '{name}' is symmetric and names another inverse, '{entry['inverse']}'")
        values["inverse"] = name
    relation: Relation = _entry(Relation, name, values, path)
    return relation


def _entry(kind: type, name: str, entry: Mapping[str, Any], path: Path) -> Any:
    known = {f.name for f in fields(kind)} - {"name"}
    for key in entry:
        if key not in known:
            raise BadFile(f"{path}: '{name}' has an unknown key '{key}'{nearest(key, known)}")
    return kind(name=name, **{k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()})


def _check(relation: Relation, table: Mapping[str, Relation], path: Path) -> None:
    where = f"{path}: relation '{relation.name}'"
    if relation.inverse and (relation.inverse not in table or table[relation.inverse].inverse != relation.name):
        raise BadFile(f"{where}: inverse '{relation.inverse}' does not name it back")
    for types, key in ((relation.domain, "domain"), (relation.range, "range")):
        if not types or not set(types) <= NODE_TYPES | LITERALS:
            raise BadFile(f"{where}: {key} {list(types)} must name some of {sorted(NODE_TYPES | LITERALS)}")
    for other in (*relation.excludes, *relation.implied_by, *(step for rule in relation.derived for step in rule)):
        if other not in table:
            raise BadFile(f"{where}: names no relation: '{other}'{nearest(other, table)}")
    if relation.narrowed_by and relation.narrowed_by not in table:
        raise BadFile(f"{where}: narrowed_by names no relation: '{relation.narrowed_by}'")
    for mapping in (relation.label, relation.plural, relation.former, relation.nouns, relation.agent_nouns):
        if not set(mapping) <= _GENDERS:
            raise BadFile(f"{where}: keys {sorted(mapping)} must be some of {sorted(_GENDERS)}")
    if relation.group not in GROUPS:
        raise BadFile(f"{where}: group '{relation.group}' must be one of {', '.join(GROUPS)}")
    if "any" not in relation.label:
        raise BadFile(f"{where}: needs a label for 'any'")
    if odd := [term for term in relation.terms if not _TERM.fullmatch(term)]:
        raise BadFile(f"{where}: term '{odd[0]}': expected schema:name or rel:name")
    _check_templates(relation, where)


def _check_templates(relation: Relation, where: str) -> None:
    for key in (
        "first",
        "third",
        "first_past",
        "third_past",
        "first_not",
        "third_not",
        "first_none",
        "third_none",
        "counted_first",
        "counted_third",
        "counted_former_first",
        "counted_former_third",
    ):
        for template in getattr(relation, key):
            for _, name, _, _ in string.Formatter().parse(template):
                if name and name not in _PLACEHOLDERS | {"a_label"}:
                    raise BadFile(f"{where}: {key}: unknown placeholder {{{name}}}")
    for verb in (*relation.verbs, *relation.former_verbs, *relation.not_verbs):
        try:
            re.compile(verb.replace("{o}", "o").replace("{s}", "s"))
        except re.error as error:
            raise BadFile(f"{where}: verb '{verb}' is no regular expression: {error}") from None
