"""How the Fandom pages' relation words map to the relations table, and which of their names the graph knows.

Evaluation only: `CANON_DATA/gold/dialogre/fandom_triples_dev.txt`, lines `subject||object||relation` in which
the object is what the relation calls it to the subject (`X||Y||wife`: Y is the wife of X).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kg.extract.lexicon import STORED
from kg.graph import Graph
from kg.relations import relations
from parsing.errors import BadFile, NotFound

FILE = Path("gold", "dialogre", "fandom_triples_dev.txt")
FAMILY, COUPLE, EMPLOYER = "family", "couple", "employer"
# what the object is to the subject -> the relation (subject, relation, object)
WORDS = {
    **dict.fromkeys(("mother", "father", "parent"), "child_of"),
    **dict.fromkeys(("son", "daughter", "child", "newborn"), "parent_of"),
    **dict.fromkeys(("brother", "sister"), "sibling"),
    **dict.fromkeys(("grandmother", "grandfather"), "grandchild_of"),
    **dict.fromkeys(("grandson", "granddaughter"), "grandparent_of"),
    **dict.fromkeys(("uncle", "aunt"), "niece_nephew_of"),
    **dict.fromkeys(("niece", "nephew"), "uncle_aunt_of"),
    "cousin": "cousin",
    **dict.fromkeys(("mother-in-law", "father-in-law"), "child_in_law_of"),
    **dict.fromkeys(("son-in-law", "daughter-in-law"), "parent_in_law_of"),
    **dict.fromkeys(("brother-in-law", "sister-in-law"), "sibling_in_law"),
    **dict.fromkeys(("wife", "husband"), "spouse"),
    **dict.fromkeys(("girlfriend", "boyfriend", "dated", "fling", "one date", "brief love interest"), "dating"),
    **dict.fromkeys(("fiancée", "fiancé"), "engaged_to"),
    "employer": "works_at",
}
COUPLES = frozenset({"spouse", "dating", "engaged_to"})
_ASIDE = re.compile(r"^(?:(?:ex|former|paternal|maternal|half|twin|evil twin|younger twin|older|long lost)[- ])+")
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "aunt", "uncle", "father", "professor", "prof"})
_LATER = frozenset({"sr", "jr"})


@dataclass(frozen=True)
class GoldFact:
    """A fact of the pages in the direction the graph stores: names as the pages give them."""

    subject: str
    relation: str
    object: str

    @property
    def group(self) -> str:
        """`family`, `couple` or `employer`."""
        return EMPLOYER if self.relation == "works_at" else COUPLE if self.relation in COUPLES else FAMILY


def read_gold(path: Path) -> list[GoldFact]:
    """The mapped facts, each once. Raises `NotFound` without the file, `BadFile` naming a line of another form."""
    if not path.is_file():
        raise NotFound(f"no {path}: CANON_DATA names the folder with the gold sets (see docs/data.md)")
    found: dict[GoldFact, None] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        parts = line.split("||")
        if len(parts) != 3:
            raise BadFile(f"{path}, line {number}: expected subject||object||relation, found {len(parts)} parts")
        fact = _mapped(*(part.strip() for part in parts))
        if fact is not None:
            found[fact] = None
    return list(found)


def _mapped(subject: str, other: str, word: str) -> GoldFact | None:
    plain = _ASIDE.sub("", re.sub(r",.*", "", word.lower().replace("_", " ")))
    relation = WORDS.get(plain)
    if relation is None:
        return None
    one, two = bare(subject), bare(other)
    if relation in STORED:
        return GoldFact(two, STORED[relation], one)
    if relations()[relation].symmetric and two < one:
        one, two = two, one
    return GoldFact(one, relation, two)


def bare(name: str) -> str:
    """A name without marks and remarks: `† Mrs. Stevens Sr. (…)` is `Mrs. Stevens Sr.`."""
    return re.sub(r"[^\w.'’& -]", "", re.sub(r"\([^)]*\)", "", name)).replace("’", "'").strip()


def spoken_form(name: str) -> str:
    """The words by which lines name somebody: the first name, or title and surname."""
    words = name.split()
    if len(words) > 1 and words[0].lower().strip(".") in _TITLES:
        return " ".join(words[:2])
    return words[0] if words else ""


def known_as(graph: Graph, name: str) -> frozenset[str]:
    """The nodes a page's name may mean: same name or alias, else the same first name and no other surname."""
    wanted = name.casefold()
    exact = {n.id for n in graph.entities() if wanted in {n.name.casefold(), *(a.text.casefold() for a in n.aliases)}}
    return frozenset(exact) or frozenset(_alike(graph, _words(name)))


def _words(name: str) -> list[str]:
    return [w for w in re.findall(r"[\w']+", name.casefold()) if w not in _LATER]


def _alike(graph: Graph, wanted: list[str]) -> Iterable[str]:
    for node in graph.entities():
        longer = (a.text for a in node.aliases if " " in a.text)  # of a first name alone, anybody might be meant
        names = [_words(n) for n in (node.name, *longer)]
        if any(n and wanted and n[0] == wanted[0] and (set(n) <= set(wanted) or set(wanted) <= set(n)) for n in names):
            yield node.id
