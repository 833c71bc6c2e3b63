"""Facts in words: the line that stands in the prompt, and sentences a persona can say.

Both come from the templates of `kg/relations.toml`. Training makes its synthetic facts with `prompt_line_from`, serving
with `prompt_line`: one format, `my sister | Monica Geller`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kg.acquaintance import KNOWS
from kg.clauses import DENIES
from kg.english import lemma
from kg.graph import Graph, words_of
from kg.premises import WITH
from kg.recall import NOTE
from kg.relations import Relation, relations
from kg.telling import as_said, genders_of
from kg.types import Answer, Ask, Fact

FIRST, THIRD = "first", "third"
NOBODY = "nobody"
_THEIRS = re.compile(r"\b(?:his|her|their)\b")
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_SILENT = ("I don't know.", "I really couldn't tell you.", "I have no idea.")


def prompt_line_from(
    relation: str,
    subject_name: str,
    object_name: str,
    gender: str = "",
    *,
    polarity: bool = True,
    past: bool = False,
    perspective: str = THIRD,
) -> str:
    """One fact as a line of the prompt, from plain strings.

    `gender` is the object's, `past` says that it holds no longer; an empty `object_name` of a negative fact reads
    "nobody". `perspective` is "first" where the subject is the persona that speaks, else "third". Raises `BadInput` for
    a relation that the table doesn't have.

    >>> prompt_line_from("sibling", "", "Monica Geller", "female", perspective="first")
    'my sister | Monica Geller'
    >>> prompt_line_from("job", "Monica Geller", "chef")
    "Monica Geller's job | chef"

    """
    entry = relations().named(relation)
    template = entry.prompt_first if perspective == FIRST else entry.prompt_third
    if template:
        head = template.format(subject=subject_name)
        head = f"once: {head}" if past else head
    else:
        head = f"{_possessive(subject_name, perspective)} {entry.word(gender, former=past)}"
    if not polarity:
        head = f"not {head}" if object_name else head
    return f"{head} | {object_name or NOBODY}"


def prompt_line(graph: Graph, fact: Fact, persona_id: str) -> str:
    """One fact of the graph as a line of the prompt, seen by the persona ("my sister", "Monica Geller's job")."""
    if relations()[fact.relation].event:
        return f"{_event_sentence(graph, fact.subject, persona_id).rstrip('.')} | {_episode(graph, fact.subject)}"
    if fact.relation == NOTE:
        return f"{relations()[NOTE].prompt_first} | {sentence(graph, fact, persona_id)}"
    seen = _turned(fact, persona_id)
    return prompt_line_from(
        seen.relation,
        graph.name(seen.subject),
        "me" if seen.object == persona_id and not seen.literal else _object_name(graph, seen, persona_id),
        "" if seen.literal else graph.gender(seen.object),
        polarity=seen.polarity,
        past=not graph.now(seen),
        perspective=FIRST if seen.subject == persona_id else THIRD,
    )


def sentence(graph: Graph, fact: Fact, persona_id: str, seed: int = 0) -> str:
    """The fact as a sentence the persona says; `seed` chooses among the wordings, past where it holds no longer."""
    if relations()[fact.relation].event:
        return _event_sentence(graph, fact.subject, persona_id)
    if fact.relation == NOTE:
        if persona_id not in graph.nodes:
            return fact.object
        first = graph.name(persona_id).split()[0]
        namesakes = [graph.name(other) for other in graph.called.get(first, ()) if other != persona_id]
        return as_said(fact.object, first, genders_of(graph, fact.object), namesakes)
    seen = _turned(fact, persona_id)
    entry = relations()[seen.relation]
    mine = seen.subject == persona_id
    affirmed = "" if graph.now(seen) else "past"
    denied = "not" if seen.object else "none"
    kind = affirmed if seen.polarity else denied
    key = "_".join(part for part in ("first" if mine else "third", kind) if part)
    return _fill(entry, _choose(getattr(entry, key), seed), _slots(graph, seen, persona_id, past=kind == "past"))


def answer_sentence(graph: Graph, ask: Ask, answer: Answer, persona_id: str, seed: int = 0) -> str:
    """What the persona says to an `Ask` when the graph alone answers.

    "Who is your sister?" → "My sister is Monica."; "Are you married?" → "No, I'm not married."; of silence it says so.
    """
    if answer.status == "silent":
        return _choose(_SILENT, seed)
    if ask.relation == KNOWS:
        return _aware(graph, ask, answer, persona_id, seed)
    if answer.status == "known":
        if ask.asked == "count" and ask.relation in relations():
            return _counted(graph, ask, answer.facts, persona_id)
        stated = _statement(graph, ask, answer.facts, persona_id, seed)
        if ask.kind == DENIES:  # "are you an only child?"
            return f"No, {_lower(stated)}"
        return f"Yes, {_lower(stated)}" if ask.form == "polar" else stated
    told = [f for f in answer.facts if f.polarity and not relations()[f.relation].event][:1]
    correction = " ".join(sentence(graph, f, persona_id, seed) for f in told)
    still_so = ask.past and bool(told)  # "your ex-wife" of a wife: what is so says enough
    contrary = bool(told) and {ask.relation, told[0].relation} == {"likes", "dislikes"}  # "I hate it" says enough
    denial = "" if still_so or contrary else _denial(graph, ask, persona_id, seed)
    said = " ".join(part for part in (denial, correction) if part)
    return f"No, {_lower(said)}" if ask.form == "polar" and said else said


def _aware(graph: Graph, ask: Ask, answer: Answer, persona_id: str, seed: int) -> str:
    """As in "Joey knows. Joey found out because of an eyelash curler."; what isn't known is hedged by the caller."""
    if answer.status == "denied":
        return f"{short_name(graph, ask.subject)} doesn't know." if ask.subject else "Nobody knows."
    who = [short_name(graph, person) for person in answer.people or (ask.subject,)]
    names = _and(who) if len(who) > 1 else who[0]
    told = [sentence(graph, f, persona_id, seed) for f in answer.facts if f.relation == NOTE][:1]
    return " ".join([f"{names} {'know' if len(who) > 1 else 'knows'}.", *told])


def _statement(graph: Graph, ask: Ask, facts: Sequence[Fact], persona_id: str, seed: int) -> str:
    """One sentence for one fact; "My children are Ben and Emma." for several of one relation."""
    if not facts:
        return _choose(_SILENT, seed)
    alike = (ask.relation, ask.subject, graph.now(facts[0]))
    same = _telling([f for f in facts if (f.relation, f.subject, graph.now(f)) == alike])
    entry = relations().get(ask.relation)
    single = entry is None or (entry.functional and alike[2])
    if single or len(same) < 2 or ask.object is not None:
        return sentence(graph, same[0] if same and not single else facts[0], persona_id, seed)
    return _list_sentence(graph, same, persona_id, seed)


def _telling(facts: Sequence[Fact]) -> list[Fact]:
    """Without words that say less than others do: who is a head chef needn't say that she is a chef."""
    said = {f.id: words_of(f.object) for f in facts if f.literal}
    return [f for f in facts if not any(said.get(f.id, other) < other for other in said.values())]


def _counted(graph: Graph, ask: Ask, facts: Sequence[Fact], persona_id: str) -> str:
    """As in "I have two children: Ben and Emma.", "I've been married twice: to Carol and Emily."."""
    entry = relations()[ask.relation]
    slots = [_slots(graph, f, persona_id, gender=ask.gender) for f in facts]
    names = list(dict.fromkeys(s["object"] for s in slots))
    kind = "counted_former" if ask.past and entry.counted_former_first else "counted"
    template = getattr(entry, f"{kind}_{'first' if ask.subject == persona_id else 'third'}")[0]
    filled = {
        **slots[0],
        "object": _and(names) if len(names) > 1 else names[0],
        "labels": entry.word(ask.gender, plural=len(names) > 1),
        "n": number_word(len(names)),
        "times": {1: "once", 2: "twice"}.get(len(names), f"{number_word(len(names))} times"),
    }
    return _fill(entry, template, filled)


def number_word(n: int) -> str:
    """A number as it is said: `number_word(3) == "three"`; digits from thirteen on."""
    return _NUMBERS[n] if n < len(_NUMBERS) else str(n)


def _list_sentence(graph: Graph, facts: Sequence[Fact], persona_id: str, seed: int) -> str:
    """Several facts of one subject and relation: "My children are Ben and Emma.", "I'm a chef and a singer."."""
    entry, mine = relations()[facts[0].relation], facts[0].subject == persona_id
    key = ("first" if mine else "third") + ("" if graph.now(facts[0]) else "_past")
    each = [_slots(graph, f, persona_id) for f in facts]
    slots = dict(each[0])
    for name in ("object", "Object", "a_object"):
        slots[name] = _and([s[name] for s in each])
    template = _choose(getattr(entry, key), seed)
    if "{label}" not in template and not template.startswith("{object}"):
        return _fill(entry, template, slots)
    genders = {graph.gender(f.object) for f in facts}
    label = entry.word(genders.pop() if len(genders) == 1 else "", plural=True)
    former = "" if graph.now(facts[0]) else "former "
    return _upper(f"{slots['possessive']} {former}{label} are {slots['object']}.".replace("..", "."))


def _and(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _denial(graph: Graph, ask: Ask, persona_id: str, seed: int) -> str:
    """As in "I'm not married to Ross.", "I don't have a brother."."""
    if ask.relation == "event":
        return _never(graph, ask, persona_id)
    entry = relations().get(ask.relation)
    if entry is None:
        return ""
    fact = Fact("", ask.subject, ask.relation, ask.object or "", literal=entry.literal or ask.object not in graph.nodes)
    seen = _turned(fact, persona_id) if ask.object in graph.nodes else fact
    entry = relations()[seen.relation]
    key = ("first" if seen.subject == persona_id else "third") + ("_not" if seen.object else "_none")
    slots = _slots(graph, seen, persona_id, gender=ask.gender if seen is fact else "")
    said = _fill(entry, _choose(getattr(entry, key), seed), slots)
    if ask.kind.startswith(WITH):
        other = ask.kind.removeprefix(WITH)
        said = f"{said.rstrip('.')} with {'me' if other == persona_id else short_name(graph, other)}."
    return said


# --- events


def _never(graph: Graph, ask: Ask, persona_id: str) -> str:
    """As in "I didn't break up with Gary."; nothing where no two people are named."""
    kind = relations().events.get(ask.kind)
    if kind is None or not kind.told or not ask.subject or ask.object not in graph.nodes:
        return ""
    who = "I" if ask.subject == persona_id else short_name(graph, ask.subject)
    whom = "me" if ask.object == persona_id else short_name(graph, str(ask.object))
    verb, _, rest = kind.told.format(object=whom).partition(" ")
    return f"{who} didn't {lemma(verb)} {rest}."


@dataclass(frozen=True)
class _Event:
    kind: str
    agents: tuple[str, ...]
    patients: tuple[str, ...]


def _event(graph: Graph, event: str) -> _Event:
    def roles(name: str) -> tuple[str, ...]:
        return tuple(f.object for f in graph.facts_from(event, name))

    return _Event(next(iter(roles("event_kind")), ""), roles("agent"), roles("patient"))


def _event_sentence(graph: Graph, event: str, persona_id: str) -> str:
    """As in "I kissed Rachel."; where the persona is the patient, "Ross kissed me."."""
    told = _event(graph, event)
    kind = relations().events.get(told.kind)
    agents = ["I" if a == persona_id else short_name(graph, a) for a in told.agents] or ["Somebody"]
    patients = ["me" if p == persona_id else short_name(graph, p) for p in told.patients]
    template = kind.told if kind and kind.told else f"had a {told.kind} with {{object}}"
    said = template.format(object=" and ".join(patients))
    if not patients:
        said = said.removesuffix(" ").removesuffix(" with").removesuffix(" to").removesuffix(" from")
    return f"{' and '.join(sorted(agents, key=lambda a: a == 'I'))} {said}".strip() + "."


def _episode(graph: Graph, event: str) -> str:
    return next((f.object for f in graph.facts_from(event, "in_episode")), "")


# --- filling templates


def short_name(graph: Graph, node_id: str) -> str:
    """How a friend says the name: the first name where it is an alias of nobody else, else the whole name."""
    node = graph.nodes.get(node_id)
    if node is None or node.type != "person":
        return graph.name(node_id)
    first, *more = node.name.split()
    family = graph.name(graph.knower or "").split()[-1:] == more[-1:] != [] and not first.endswith(".")
    mine = family or any(a.text == first for a in node.aliases)
    return first if mine and (node_id in graph.main or graph.called[first] == {node_id}) else node.name


def _slots(graph: Graph, fact: Fact, persona_id: str, *, gender: str = "", past: bool = False) -> dict[str, str]:
    entry = relations()[fact.relation]
    sex = gender or ("" if fact.literal else graph.gender(fact.object))
    mine = fact.subject == persona_id
    name = short_name(graph, fact.subject)
    owner = _possessive(name, FIRST if mine else THIRD)
    own_person = fact.object == persona_id and not fact.literal
    object_ = "me" if own_person else _object_name(graph, fact, persona_id, short=True)
    label = entry.word(sex, former=past)
    return {
        "subject": name,
        "Subject": name,
        "object": object_,
        "Object": _upper(object_),
        "a_object": _with_article(object_),
        "label": label,
        "a_label": _with_article(label),
        "labels": entry.word(sex, plural=True),
        "possessive": owner,
        "Possessive": _upper(owner),
    }


def _fill(entry: Relation, template: str, slots: dict[str, str]) -> str:
    text = template.format(**slots)
    if "was" in template and slots["label"].startswith(("ex", "former")) and "{label}" in template:
        text = text.replace(" was ", " is ", 1) if entry.former else text
    return _upper(text.replace("..", "."))  # "… is Frank Jr.."


def _object_name(graph: Graph, fact: Fact, persona_id: str, short: bool = False) -> str:
    if fact.literal or fact.object not in graph.nodes:
        return own(fact.object) if fact.subject == persona_id else fact.object
    name = short_name(graph, fact.object) if short else graph.name(fact.object)
    node = graph.nodes[fact.object]
    if node.type in {"thing", "place"} and fact.subject == persona_id:
        first = graph.name(persona_id).split()[0]
        said = as_said(name, first) if re.search(rf"\b{re.escape(first)}(?:'s| and )", name) else own(name)
        return f"my{said[2:]}" if said.startswith("My ") else said
    kin = relations()[fact.relation].word(node.gender)
    return name.removeprefix(f"{kin.capitalize()} ")  # "my cousin is Nathan", not "is Cousin Nathan"


def own(text: str) -> str:
    """What is told of others as one says it of oneself: `own("her dollhouse") == "my dollhouse"`."""
    return _THEIRS.sub("my", text)


def _turned(fact: Fact, persona_id: str) -> Fact:
    """The fact from the persona's side, where it is the object and the relation has an inverse."""
    inverse = relations()[fact.relation].inverse
    if fact.object != persona_id or fact.literal or not inverse or fact.subject == persona_id:
        return fact
    return replace(fact, subject=fact.object, object=fact.subject, relation=inverse)


def _possessive(name: str, perspective: str) -> str:
    if perspective == FIRST:
        return "my"
    return f"{name}'" if name.endswith("s'") else f"{name}'s"


def _with_article(text: str) -> str:
    if text.lower().startswith(("a ", "an ", "the ", "my ")) or text[:1].isupper():
        return text
    return f"{'an' if text[:1].lower() in 'aeiou' else 'a'} {text}"


def _choose(options: Sequence[str], seed: int) -> str:
    return options[seed % len(options)]


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower(text: str) -> str:
    """For the middle of a sentence: "My sister" but "I'm", "Monica"."""
    first = text.split(" ", 1)[0]
    return text[:1].lower() + text[1:] if first in {"My", "Nobody", "People", "Somebody"} else text
