"""Plays in TEI P5: `sp` with `@who`, `stage`, acts and scenes by `div`; the people in `listPerson` or `castList`.

The file is read with entities, DTDs and the network switched off. Scheme: https://tei-c.org/release/doc/tei-p5-doc
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from parsing.episodes import code
from parsing.errors import BadFile
from parsing.readers import Block
from parsing.readers import options as checked
from parsing.readers.brackets import plain, split_brackets

_YEAR = re.compile(r"\b1[6-9]\d\d\b")
_XML = "{http://www.w3.org/XML/1998/namespace}"
_SEX = {"male": "male", "m": "male", "1": "male", "female": "female", "f": "female", "2": "female"}
_NOT_SCENES = {"configuration"}  # the editors' analysis of who is on stage: they cut wherever somebody comes or goes
_NOT_SPOKEN = {"speaker", "stage", "note", "fw", "pb", "lb", "cb", "milestone", "figure", "head", "del"}


@dataclass(frozen=True)
class TeiOptions:
    """How a play is cut."""

    episodes: str = "act"  # "act": each act (or prologue, epilogue) is an episode; "play": the whole is one


@dataclass(frozen=True)
class Person:
    """One of the people of a play."""

    id: str
    name: str
    gender: str = ""  # "female", "male" or ""
    variants: tuple[str, ...] = ()  # other names given in the list
    labels: tuple[str, ...] = ()  # further cue labels under which the person speaks


def read(data: bytes, options: Mapping[str, Any], name: str) -> list[Block]:
    """Blocks of a play, each speech with the ids of its speakers. Raises `BadFile` naming the line."""
    wanted = checked.options_from(TeiOptions, options, name)
    root = _parse(data, name)
    body = next((e for e in root.iter() if _tag(e) == "body"), None)
    if body is None:
        raise BadFile(f"{name}: no <body>, expected a TEI play")
    quoted = [e for e in root.iter() if _tag(e) == "sp" and all(a is not body for a in e.iterancestors())]
    notes = [Block("note", plain(_text(e)), int(e.sourceline or 0), why="outside of the body") for e in quoted]
    return [*notes, *_Play(wanted.episodes == "act").read(body)]


def read_people(data: bytes, name: str) -> list[Person]:
    """The people of a play in the order of its list, `@who` ids nobody lists after them."""
    root = _parse(data, name)
    labels: dict[str, dict[str, int]] = {}
    for speech in root.iter():
        ids = _who(speech) if _tag(speech) == "sp" else ()
        for who in ids:
            seen = labels.setdefault(who, {})
            if len(ids) == 1 and (label := _label(speech)):
                seen[label] = seen.get(label, 0) + 1
    people = {p.id: p for p in _listed(root)}
    for who, seen in labels.items():
        person = people.get(who) or Person(who, max(seen, key=lambda k: seen[k], default=who))
        further = tuple(label for label in seen if label not in {person.name, *person.variants})
        people[who] = Person(who, person.name, person.gender, person.variants, further)
    return list(people.values())


@dataclass(frozen=True)
class About:
    """What the head of a play tells."""

    title: str
    author: str
    year: str
    listed: tuple[str, ...]  # the entries of the list of persons, as they stand


def read_about(data: bytes, name: str) -> About:
    """Title, author, year (the earliest of writing, print and premiere) and list of persons."""
    root = _parse(data, name)
    header = next((e for e in root.iter() if _tag(e) == "titleStmt"), root)
    titles = [e for e in header if _tag(e) == "title" and e.get("type", "main") == "main"]
    people = [p for e in header if _tag(e) == "author" for p in e if _tag(p) == "persName"]
    own = [e for e in people if not e.get(f"{_XML}lang")]
    years = [
        m for e in root.iter() if _tag(e) == "event" for m in _YEAR.findall(f"{e.get('when')} {e.get('notAfter')}")
    ]
    listed = tuple(_without_notes(e) for e in root.iter() if _tag(e) == "castItem")
    author = ", ".join(plain(" ".join(e.itertext())) for e in own)
    return About(plain(_text(titles[0])) if titles else name, author, min(years, default=""), listed)


def read_cast_items(data: bytes, name: str) -> list[tuple[str, str]]:
    """The entries of the play's list of persons, each with what is said of its group as a whole ("её дети").

    Only `castList` is read, never the header's `listRelation`.
    """
    items = (e for e in _parse(data, name).iter() if _tag(e) == "castItem")
    return [(_without_notes(item), _group(item)) for item in items]


def _without_notes(element: Any) -> str:
    return plain("".join(element.xpath(".//text()[not(ancestor::*[local-name()='note'])]")))


def _group(item: Any) -> str:
    """What stands beside a bracket around several entries."""
    groups = (e for e in item.iterancestors() if _tag(e) == "castGroup")
    told = [_without_notes(e) for group in groups for e in group if _tag(e) in {"roleDesc", "head"}]
    return " ".join(text for text in told if text)


class _Play:
    """Walks through a play's body."""

    def __init__(self, by_act: bool) -> None:
        self._by_act = by_act
        self._blocks: list[Block] = []
        self._episode = 1
        self._spoken = False  # since the last heading

    def read(self, body: Any) -> list[Block]:
        """Blocks of the body."""
        parts = [e for e in body if _tag(e) == "div"]
        acts = [e for e in parts if e.get("type") == "act"] if self._by_act else []
        self._episode = 0 if acts else 1
        for element in body:
            if acts and _tag(element) == "div" and next(element.iter(_like(element, "sp")), None) is not None:
                self._episode += 1
            self._element(element)
        first = code(1, 1)  # a list of people or a motto before the first act
        return [b if b.episode != code(1, 0) else Block(**{**vars(b), "episode": first}) for b in self._blocks]

    def _add(self, kind: str, text: str, element: Any, **more: Any) -> None:
        if text or kind in {"speech", "scene"}:
            where: dict[str, Any] = {"line": int(element.sourceline or 0), "episode": code(1, self._episode)}
            self._blocks.append(Block(kind, text, **where, **more))

    def _element(self, element: Any) -> None:
        tag = _tag(element)
        if tag == "sp":
            self._speech(element)
        elif tag == "head":
            self._add("scene", plain(_text(element)), element)
            self._spoken = False
        elif tag == "stage":
            self._add("direction" if self._spoken else "scene", _stage(element), element)
        elif tag == "div" or any(_tag(e) in {"sp", "stage", "head", "div"} for e in element.iter()):
            self._spoken = self._spoken and not _opens(element)
            self._mixed(element)
        else:
            self._add("note", plain(_text(element)), element, why="outside of a speech")

    def _mixed(self, element: Any) -> None:
        if _opens(element):
            self._add("scene", "", element)
        self._add("note", plain(element.text or ""), element, why="outside of a speech")
        for child in element:
            self._element(child)
            self._add("note", plain(child.tail or ""), child, why="outside of a speech")

    def _speech(self, speech: Any) -> None:
        spoken: list[str] = []
        directions: list[str] = []
        notes: list[str] = []
        _collect(speech, spoken, directions, notes)
        split = split_brackets(plain(" ".join(spoken)))
        directions = [*directions, *(d for _, d in split.directions)]
        self._add("speech", split.speech, speech, label=_label(speech), directions=tuple(directions), who=_who(speech))
        for note in notes:
            self._add("note", note, speech, why="note of the edition")
        self._spoken = True


def _collect(element: Any, spoken: list[str], directions: list[str], notes: list[str]) -> None:
    """Gather what is said, done and remarked in a speech."""
    if element.text and _tag(element) != "":
        spoken.append(element.text)
    for child in element:
        tag = _tag(child)
        if tag == "stage":
            directions.append(_stage(child))
        elif tag in {"note", "head", "fw", "del", "figure"}:
            notes.append(plain(_text(child)))
        elif tag and tag not in _NOT_SPOKEN:
            _collect(child, spoken, directions, notes)
        if child.tail:
            spoken.append(child.tail)


def _stage(element: Any) -> str:
    text = plain(_text(element))
    split = split_brackets(text)
    bare = split.speech.strip(" .,;:")
    return text if bare else "; ".join(d for _, d in split.directions)


def _label(speech: Any) -> str:
    found = next((plain(_text(e)) for e in speech if _tag(e) == "speaker"), "")
    return split_brackets(found).speech.rstrip(" .,:;") or found


def _who(speech: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.rpartition("#")[2] for part in (speech.get("who") or "").split()))


def _listed(root: Any) -> Iterator[Person]:
    for element in root.iter():
        tag = _tag(element)
        if tag in {"person", "personGrp"} and element.get(f"{_XML}id"):
            names = [plain(_text(e)) for e in element if _tag(e) in {"persName", "name"} and not e.get(f"{_XML}lang")]
            sex = element.get("sex") or next((e.get("value", "") for e in element if _tag(e) == "sex"), "")
        elif tag == "role" and element.get(f"{_XML}id"):
            names, sex = [plain(_text(element)).rstrip(" .,")], element.get("sex") or ""
        else:
            continue
        who, gender = element.get(f"{_XML}id"), _SEX.get(sex.lower(), "")
        yield Person(who, names[0] if names and names[0] else who, gender, tuple(dict.fromkeys(names[1:])))


def _parse(data: bytes, name: str) -> Any:
    from lxml import etree

    declared = data.replace(b"\0", b"").find(b"<!ENTITY")
    if declared >= 0:
        line = data.replace(b"\0", b"").count(b"\n", 0, declared) + 1
        raise BadFile(f"{name}, line {line}: declares an entity of its own, which is refused; expected plain TEI")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        raise BadFile(f"{name}, line {line}: no well-formed XML ({' '.join(str(error.msg).split())[:120]})") from None
    if _tag(root) not in {"TEI", "teiCorpus", "TEI.2"}:
        raise BadFile(f"{name}, line {root.sourceline}: the root is <{_tag(root)}>, expected <TEI>")
    if (entity := next(root.iter(etree.Entity), None)) is not None:
        line = next((int(a.sourceline) for a in entity.iterancestors() if a.sourceline), 1)
        raise BadFile(
            f"{name}, line {line}: {entity.text} is declared elsewhere, which isn't read; expected its letters"
        )
    return root


def _opens(element: Any) -> bool:
    """Does a scene begin with this element?"""
    return _tag(element) == "div" and element.get("type") not in _NOT_SCENES


def _tag(element: Any) -> str:
    """An element's name without its namespace; "" for what is no element."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _like(element: Any, tag: str) -> str:
    """A tag in the namespace of another element."""
    return element.tag[: element.tag.rfind("}") + 1] + tag


def _text(element: Any) -> str:
    return "".join(element.itertext())
