"""Linking: which stretches of a message name which entities of the graph.

Names and aliases by an Aho–Corasick automaton with word boundaries, misspellings by edit distance, "you" and "your" as
the persona, "he" and "she" from what was said before, "your sister" along the graph (`kg.phrases`). A `Linker` is built
for one (stripped) graph, so it can't know a name before the show reveals it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

import ahocorasick
from rapidfuzz.distance import OSA

from kg.english import is_english
from kg.graph import Graph
from kg.nouns import noun_phrase, readings
from kg.phrases import follow, read_phrases
from kg.relations import relations
from kg.types import Mention, Node
from parsing.manifest import Show

History = Sequence[Mapping[str, str]]  # turns before, oldest first: {"role": "user" | "assistant", "content": …}

# Names that are words of every day too: linked only where they are written like names.
_COMMON = frozenset(
    """will mark joy grace hope faith may june april august rose lily daisy ivy bill rob art gene chip chase frank jack
    nick pat sue drew grant dean guy ray rich sandy penny dick bob don harry pearl ruby amber crystal dawn eve summer
    autumn sky hunter mason cook baker green brown black white young king bing miles pete stone wood page rusty buddy
    angel candy ginger melody destiny charity christian jewel star holly hazel iris olive heather mike duck chick dog
    baby mom dad ma pa sir judge doctor major bishop gray grey rivers banks fields parks waters bell ball day knight
    friend cat kitty tiger bear fox wolf hawk robin jay drake max ace rocky sonny junior pope price sharp swift strong
    best early long short small little good hill lane street church castle marsh moss reed rush cherry peach plum
    berry clay cliff dale glen heath ford wade bond cash nickel earl duke prince lance van the one a i it my he
    she they we you and or not so oh well yes no hi hey ok okay""".split()  # noqa: SIM905
)
_STRANGER = re.compile(
    r"(?<![.?!…\"]\s)(?<![.?!…\"]\s\s)(?<!^)(?<![\w'’.\"])[A-Z][a-zà-ÿ]{2,}(?:\s[A-Z][a-zà-ÿ]+)*(?![\w])"
)
_CAPITALISED = frozenset(  # words that are written like names and name nobody
    """English French Italian German Spanish Chinese Indian American British Jewish Irish Greek Dutch Christmas Hanukkah
    Thanksgiving Halloween Easter Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April
    May June July August September October November December God Jesus Mom Dad Mum Mommy Daddy Please Thanks Hey Hello
    Okay America England France Italy Paris Europe Internet Santa Yeah Well Yes And But The Grandma Grandpa Doctor Sir
    Street Avenue Mrs Who What Where When Why How Are Does Did You Your""".split()  # noqa: SIM905
)
_AFTER_A_WORD = re.compile(
    r"\s+(?:you|i|he|she|we|they|it|the|a|an|my|your|there|be|not|this|that|anyone|somebody)\b", re.I
)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SURNAME = re.compile(r"\s+([A-Z][a-z]+)(?![\w-])")
_YOU = re.compile(r"\b(?:yourself|yours|your|you|ur|u)\b", re.IGNORECASE)
_PRONOUN = re.compile(r"\b(?:he|him|his|himself|she|her|hers|herself|they|them|their|theirs)\b", re.IGNORECASE)
_HAD = re.compile(r"\b(?:have|has|had|got|about|is|was)\s+(?:a|an|any|my|your|the)\s+", re.IGNORECASE)
_FEMALE = frozenset({"she", "her", "hers", "herself"})
_PLURAL = frozenset({"they", "them", "their", "theirs"})
_LONGEST_FUZZY = 2_000  # characters; a longer message is no place to look for typing errors
_FUZZY_MIN = 5  # letters
_TURNS = 6  # turns of history looked at for a pronoun


class Linker:
    """Links messages against one graph.

    Parameters
    ----------
    graph: as of the moment and the knower of the talk.
    show: for the personas' names.

    """

    def __init__(self, graph: Graph, show: Show) -> None:
        self.graph = graph
        self.show = show
        self._names: dict[str, list[str]] = {}
        for node in graph.entities():
            for name in names_of(node):
                self._names.setdefault(_fold(name), []).append(node.id)
        self._automaton = ahocorasick.Automaton()
        for name, nodes in self._names.items():
            self._automaton.add_word(name, (name, nodes))
        if self._names:
            self._automaton.make_automaton()
        self._single = sorted(n for n in self._names if n.isalpha() and len(n) >= _FUZZY_MIN)
        self._words = _vocabulary()

    def link(self, message: str, persona_id: str, history: History = ()) -> tuple[Mention, ...]:
        """The mentions of a message, left to right.

        "your sister" gives a mention of the sister (`how="relation"`) beside that of "your"; a plural gives one each.
        """
        names = self._by_name(message, persona_id)
        names += self._misspelt(message, names, persona_id)
        names += [Mention(m[0], m.start(), m.end(), persona_id, "you") for m in _YOU.finditer(message)]
        names = _apart(names)
        names += self._pronouns(message, names, persona_id, history)
        names = [m for m in names if m.node in self.graph.nodes]
        related = [
            Mention(message[p.start : p.end], p.start, p.end, node, "relation")
            for p in read_phrases(message, names, self.graph)
            if p.steps
            for node in ((p.apposed,) if p.apposed else p.nodes)
            if node in self.graph.nodes
        ]
        return tuple(sorted([*names, *related], key=lambda m: (m.start, m.end, m.how, m.node)))

    def _by_name(self, message: str, persona_id: str) -> list[Mention]:
        if not self._names:
            return []
        folded = _fold(message)
        hits = []
        for last, (name, nodes) in self._automaton.iter(folded):
            start, end = last - len(name) + 1, last + 1
            if _at_boundaries(folded, start, end) and self._written_as_name(message, start, end, name):
                node = self._choose(nodes, persona_id)
                end = self._with_surname(message, end, node)
                hits.append(Mention(message[start:end], start, end, node, "alias"))
        return _apart(hits)

    def _with_surname(self, message: str, end: int, node: str) -> int:
        """Where the name ends: behind "Emma Geller" where the graph has Emma Geller-Green, called Emma."""
        behind = _SURNAME.match(message, end)
        words = set(re.split(r"[\s-]", self.graph.name(node)))
        return behind.end() if behind and behind[1] in words else end

    def _written_as_name(self, message: str, start: int, end: int, name: str) -> bool:
        """Could these letters be meant as a name? "will" can't; "Will you?" neither."""
        if name not in _COMMON:
            return True
        word = message[start:end]
        if not word[0].isupper() or (message.isupper() and len(message) > len(word) + 2):
            return False
        opens = not message[:start].strip() or message[:start].rstrip()[-1] in '.!?…"'
        return not (opens and _AFTER_A_WORD.match(message, end))

    def _choose(self, nodes: list[str], persona_id: str) -> str:
        """Of several entities of one name: one the persona is related to, then the one most is known of."""
        if len(nodes) == 1:
            return nodes[0]
        near = {f.object if f.subject == persona_id else f.subject for f in self.graph.facts_about(persona_id)}
        return min(nodes, key=lambda n: (n not in near, -len(self.graph.facts_about(n)), n))

    def _misspelt(self, message: str, taken: Iterable[Mention], persona_id: str) -> list[Mention]:
        if len(message) > _LONGEST_FUZZY:
            return []
        spans = [(m.start, m.end) for m in taken]
        found = []
        for match in _WORD.finditer(message):
            word, folded = match[0], _fold(match[0])
            if (
                len(word) < _FUZZY_MIN
                or folded in self._words
                or (is_english(folded) and (word.islower() or not message[: match.start()].strip()))
                or any(s < match.end() and match.start() < e for s, e in spans)
            ):
                continue
            near = [(OSA.distance(folded, name), name) for name in self._single if abs(len(name) - len(folded)) <= 2]
            near = [(d, n) for d, n in near if d <= _allowed(word, n)]
            if near:
                node = self._choose(self._names[min(near)[1]], persona_id)
                found.append(Mention(word, match.start(), match.end(), node, "fuzzy"))
        return found

    def _pronouns(self, message: str, names: list[Mention], persona_id: str, history: History) -> list[Mention]:
        pronouns = list(_PRONOUN.finditer(message))
        if not pronouns:
            return []
        related = [(p.start, node) for p in read_phrases(message, names, self.graph) if p.steps for node in p.nodes]
        here = sorted([(m.start, m.node) for m in names if m.how != "you"] + related)
        found = []
        for match in pronouns:
            before = [node for start, node in here if start < match.start()]
            if match[0].lower() in _PLURAL:
                pair = self._pair([*reversed(before), *self._said_before(persona_id, history)], persona_id)
                found += [Mention(match[0], match.start(), match.end(), pair[0], "history")] if pair else []
                continue
            gender = "female" if match[0].lower() in _FEMALE else "male"
            said = self._said_before(persona_id, self._without_aside(history, gender, persona_id))
            node = next((n for n in (*reversed(before), *said) if self._can_be(n, gender, persona_id)), None)
            if node is not None:
                found.append(Mention(match[0], match.start(), match.end(), node, "history"))
        return found

    def _pair(self, nodes: list[str], persona_id: str) -> tuple[str, ...]:
        """The last two people spoken of, where they belong together: whom "they" means."""
        people = [n for n in dict.fromkeys(nodes) if n in self.graph.nodes and self.graph.nodes[n].type == "person"]
        pair = tuple(people[:2])
        touching = {end for f in self.graph.facts_about(pair[0]) for end in (f.subject, f.object)} if pair else set()
        return pair if len(pair) == 2 and pair[1] in touching and persona_id not in pair else ()

    def _can_be(self, node_id: str, gender: str, persona_id: str) -> bool:
        node = self.graph.nodes.get(node_id)
        return (
            node is not None and node.type in {"person", "animal"} and node.gender == gender and node_id != persona_id
        )

    def _without_aside(self, history: History, gender: str, persona_id: str) -> History:
        """The turns before; without the last reply where that goes on about the same "she" before it names others."""
        if not history or history[-1].get("role") != "assistant":
            return history
        reply = history[-1].get("content", "")
        first = next((m for m in _PRONOUN.finditer(reply) if (m[0].lower() in _FEMALE) == (gender == "female")), None)
        if first is None or first[0].lower() in _PLURAL:
            return history
        named = (m for m in self._by_name(reply, persona_id) if m.start < first.start())
        return history if any(self._can_be(m.node, gender, persona_id) for m in named) else list(history)[:-1]

    def _said_before(self, persona_id: str, history: History) -> list[str]:
        """Node ids named in the turns before, the latest first."""
        said: list[str] = []
        for turn in list(history)[-_TURNS:]:
            content = turn.get("content", "")
            names = self._by_name(content, persona_id)
            words = _YOU if turn.get("role") == "user" else re.compile(r"\b(?:my)\b", re.IGNORECASE)
            speaker = [Mention("your", m.start(), m.end(), persona_id, "you") for m in words.finditer(content)]
            phrases = read_phrases(content, _apart([*names, *speaker]), self.graph)
            found = [(m.start, m.node) for m in names] + [(p.start, n) for p in phrases if p.steps for n in p.nodes]
            found += self._had(content, persona_id)
            said += [node for _, node in sorted(found)]
        return said[::-1]

    def _had(self, content: str, persona_id: str) -> list[tuple[int, str]]:
        """As in "Do you have a grandmother?", "I've got a boyfriend": the persona's."""
        found = []
        for match in _HAD.finditer(content):
            noun = noun_phrase().match(content, match.end())
            for reading in readings(noun) if noun else ():
                nodes = [n for n in follow(self.graph, persona_id, reading) if n in self.graph.nodes]
                found += [(match.end(), node) for node in nodes[:1]]
        return found


def strangers(message: str, mentions: Iterable[Mention]) -> list[Mention]:
    """Names in a message that no entity of the graph goes by (yet): `node` is the name itself, `how` is "stranger".

    Only words written like names inside a sentence count; at its beginning every word is.
    """
    spans = [(m.start, m.end) for m in mentions]
    if message.isupper():
        return []
    return [
        Mention(m[0], m.start(), m.end(), m[0], "stranger")
        for m in _STRANGER.finditer(message)
        if m[0].split()[0] not in _CAPITALISED and not any(s < m.end() and m.start() < e for s, e in spans)
    ]


def names_of(node: Node) -> tuple[str, ...]:
    """The name and aliases of a node, as one may write them."""
    names = dict.fromkeys(n for n in (node.name, *(a.text for a in node.aliases)) if n.strip())
    return tuple(n for n in names if not n.startswith(("a ", "an ")))  # "a cat" is anybody's


def _fold(text: str) -> str:
    """Lower case, one character for one, with plain quotes: offsets stay."""
    return "".join(c if len(c.lower()) != 1 else "'" if c == "’" else c.lower() for c in text)


def _at_boundaries(text: str, start: int, end: int) -> bool:
    before = start == 0 or not (text[start - 1].isalnum() and text[start].isalnum())
    after = end == len(text) or not (text[end].isalnum() and text[end - 1].isalnum())
    return before and after


def _apart(mentions: Iterable[Mention]) -> list[Mention]:
    """Mentions that don't overlap: the longer ones win, then the earlier."""
    kept: list[Mention] = []
    last = -1
    by_start = sorted(mentions, key=lambda m: (m.start, -(m.end - m.start), m.node))
    for mention in by_start:
        if mention.start >= last:
            kept.append(mention)
            last = mention.end
        elif kept and mention.end - mention.start > kept[-1].end - kept[-1].start:
            kept[-1], last = mention, mention.end
    return kept


def _allowed(word: str, name: str) -> int:
    """How many edits a misspelling may be away: one for a word in lower case, which must also begin like the name."""
    if not word[0].isupper():
        return int(word[0] == name[0] and len(word) >= 6)
    return 2 if len(name) >= 8 and len(word) >= 8 else 1


def _vocabulary() -> frozenset[str]:
    """Words of questions, which are never misspelt names."""
    words = set(_COMMON)
    for relation in relations().values():
        for table in (relation.nouns, relation.agent_nouns):
            words |= {w for group in table.values() for phrase in group for w in phrase.split()}
        words |= {w for verb in relation.verbs for w in re.findall(r"[a-z]+", verb)}
    return frozenset(words)


def everyday(name: str) -> bool:
    """Is a name a word of every day too, such as "Will" or "June"?"""
    return name.casefold() in _COMMON
