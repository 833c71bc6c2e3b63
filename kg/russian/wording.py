"""Facts and answers as Russian sentences a persona can say: «Мой брат — Пётр Николаевич Сорин».

The templates stand in `wording.toml`; gender and case by `kg.russian.language`. Nothing is said here that no fact says.
"""

from collections.abc import Sequence
from dataclasses import replace

from kg.graph import Graph
from kg.relations import relations
from kg.russian.language import name_in, russian
from kg.types import Answer, Ask, Fact

_MY = {"any": "Мой", "male": "Мой", "female": "Моя", "": "Мой"}
_MOST = 3  # things told of somebody
_FAMILY = (
    "child_of",
    "spouse",
    "sibling",
    "parent_of",
    "engaged_to",
    "dating",
    "friend",
    "niece_nephew_of",
    "works_for",
)


def short_name(graph: Graph, node: str) -> str:
    """How one speaks of somebody: the surname of three names, else the whole name."""
    parts = graph.name(node).split()
    if len(parts) < 3:
        return graph.name(node)
    same = [n for n in graph.nodes.values() if n.name.split()[-1] == parts[-1]]
    return parts[-1] if len(same) == 1 else graph.name(node)


def case_of(graph: Graph, node: str, case: str, short: bool = True) -> str:
    """Somebody's name in a case."""
    return name_in(short_name(graph, node) if short else graph.name(node), graph.gender(node), case)


def sentence(graph: Graph, fact: Fact, persona: str) -> str:
    """One fact as the persona says it; from its own side, where it is the object."""
    return _said(graph, _turned(fact, persona), persona)


def _said(graph: Graph, fact: Fact, persona: str) -> str:
    words = russian().words.get(fact.relation)
    if words is None:
        return ""
    mine = fact.subject == persona
    template = words.first if mine else words.third
    gender = "" if fact.literal else graph.gender(fact.object)
    if template:
        return _filled(template, graph, fact)
    label = words.word(gender)
    was = " раньше" if not graph.now(fact) else ""
    if mine:
        return f"{_MY[gender]} {label}{was} — {graph.name(fact.object)}."
    if fact.object == persona:
        return f"{_capital(words.word(gender))} {case_of(graph, fact.subject, 'gent')} — я."
    return f"{_capital(label)} {case_of(graph, fact.subject, 'gent')}{was} — {graph.name(fact.object)}."


def _filled(template: str, graph: Graph, fact: Fact) -> str:
    node = fact.object if fact.object in graph.nodes and not fact.literal else ""
    object_ = {case: (case_of(graph, node, tag, short=False) if node else fact.object) for case, tag in _SLOTS.items()}
    text = template.format(
        object=graph.name(fact.object), subject=short_name(graph, fact.subject),
        of=case_of(graph, fact.subject, "gent"),
        to=case_of(graph, fact.subject, "datv"), at=case_of(graph, fact.subject, "gent"), text=fact.object,
        years=years(fact.object), **object_,
    )  # fmt: skip
    return _capital(text)


_SLOTS = {"gen": "gent", "dat": "datv", "acc": "accs", "ins": "ablt"}


def years(number: str) -> str:
    """With the right word: `years("22") == "22 года"`, `years("27") == "27 лет"`."""
    if not number.isdigit():
        return number
    n = int(number)
    if n % 10 == 1 and n % 100 != 11:
        return f"{n} год"
    return f"{n} года" if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14) else f"{n} лет"


def answer_sentence(graph: Graph, ask: Ask, answer: Answer, persona: str) -> str:
    """What the persona says to an `Ask`; "" where the graph is silent (the voice says it then)."""
    if answer.status == "silent":
        return ""
    if ask.relation == "about":
        return about(graph, ask.subject, answer.facts, persona)
    if ask.relation == "full_name":
        return f"Меня зовут {graph.name(persona)}." if ask.subject == persona else f"Это {graph.name(ask.subject)}."
    if answer.status == "known":
        return _stated(graph, ask, answer.facts, persona)
    denial = _denial(graph, ask, persona)
    told = [sentence(graph, f, persona) for f in answer.facts if f.polarity][:2]
    return " ".join(dict.fromkeys(s for s in (denial, *told) if s))


def _stated(graph: Graph, ask: Ask, facts: Sequence[Fact], persona: str) -> str:
    same = [f for f in facts if f.relation == ask.relation and f.subject == ask.subject]
    people = [f for f in same if not f.literal]
    if ask.object is None and len(people) > 1 and not russian().words[ask.relation].first:
        return _list(graph, people, persona)
    return " ".join(dict.fromkeys(_said(graph, f, persona) for f in (same[:1] or facts[:1])))


def _list(graph: Graph, facts: Sequence[Fact], persona: str) -> str:
    """Several of one relation: «Мои дети — А и Б»."""
    words = russian().words[facts[0].relation]
    genders = {graph.gender(f.object) for f in facts}
    label = words.word(genders.pop() if len(genders) == 1 else "", plural=True)
    names = [graph.name(f.object) for f in facts]
    listed = f"{', '.join(names[:-1])} и {names[-1]}"
    if facts[0].subject == persona:
        return f"Мои {label} — {listed}."
    return f"{_capital(label)} {case_of(graph, facts[0].subject, 'gent')} — {listed}."


def _denial(graph: Graph, ask: Ask, persona: str) -> str:
    """What isn't so: «Тригорин мне не брат», «Я не замужем», «Брата у меня нет»."""
    words = russian().words.get(ask.relation)
    if words is None:
        return ""
    mine = ask.subject == persona
    if ask.object and ask.object in graph.nodes:
        return _not_so(graph, ask, persona)
    table = words.none if mine else words.none_third
    key = ask.gender or (graph.gender(ask.subject) if ask.relation in {"spouse", "engaged_to"} else "")
    if ask.relation == "spouse":
        key = graph.gender(ask.subject)
    template = table.get(key) or table.get("any", "")
    if not template:
        return ""
    return _filled(template, graph, Fact("", ask.subject, ask.relation, "", literal=True))


def _not_so(graph: Graph, ask: Ask, persona: str) -> str:
    words = russian().words[ask.relation]
    fact = Fact("", ask.subject, ask.relation, ask.object or "")
    template = words.not_ if ask.subject == persona else words.not_third
    if template:
        return _filled(template, graph, fact)
    object_ = ask.object or ""
    if object_ == persona:
        own = relations()[ask.relation].inverse or ask.relation
        return _not_so(graph, Ask(own, persona, ask.subject), persona) if own in russian().words else ""
    label = words.word(graph.gender(object_))
    to = "мне" if ask.subject == persona else case_of(graph, ask.subject, "datv")
    return f"{short_name(graph, object_)} {to} не {label}."


def about(graph: Graph, who: str, facts: Sequence[Fact], persona: str) -> str:
    """«Константин Гаврилович Треплев — сын Аркадиной, племянник Сорина.»; of one's own kin "мой брат" first."""
    parts: list[str] = []
    for relation in (*_FAMILY, *russian().words):
        for fact in graph.facts_from(persona, relation):
            if fact.object == who and not fact.literal and fact.polarity and relation in russian().words:
                gender = graph.gender(who)
                own_word = {"Мой": "мой", "Моя": "моя"}[_MY[gender]]
                was = "" if graph.now(fact) else " (прежде)"
                template = russian().words[relation].first
                if not template:
                    parts.append(f"{own_word} {russian().words[relation].word(gender)}{was}")
    job = next((f.object for f in graph.facts_from(who, "job") if f.polarity and graph.now(f)), "")
    for relation in _FAMILY:
        for fact in graph.facts_from(who, relation):
            inverse = relations()[relation].inverse
            if fact.literal or not fact.polarity or fact.object == persona or inverse not in russian().words:
                continue
            if graph.now(fact):
                parts.append(
                    f"{russian().words[inverse].word(graph.gender(who))} {case_of(graph, fact.object, 'gent')}"
                )
    told = list(dict.fromkeys(parts))[:_MOST]
    told = [*told[:_MOST], *([job] if job else [])]
    if not told:
        told_else = [sentence(graph, f, persona) for f in facts if f.relation in russian().words][:_MOST]
        return " ".join(dict.fromkeys(t for t in told_else if t))
    return f"{graph.name(who)} — {', '.join(told)}."


def _turned(fact: Fact, persona: str) -> Fact:
    inverse = relations()[fact.relation].inverse
    if fact.object != persona or fact.literal or not inverse or fact.subject == persona:
        return fact
    return replace(fact, subject=fact.object, object=fact.subject, relation=inverse)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
