"""Who a word means: I, you, names by episode, he and she where only one person fits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.graph import node_id

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

FIRST = frozenset({"i", "me", "my", "mine", "myself"})
SECOND = frozenset({"you", "your", "yours", "ya", "y'", "yourself"})
FEMALE = frozenset({"she", "her", "hers"})
MALE = frozenset({"he", "him", "his"})

_NAME_LETTERS = 3
_WORKPLACES = frozenset(
    """museum hospital university restaurant bakery diner coffeehouse bank library lighthouse school clinic hotel cafe
    bookstore newspaper observatory harbor shipyard brewery theater theatre store factory college laboratory""".split()  # noqa: SIM905
)


def pick(ent_id: str, episode: str) -> str:
    """The node an entity's id stands for in an episode.

    Ids of the entity ruler are candidates in order, `jack_boss@S06E16|jack_geller`: one with episodes counts only
    there; without an episode the first that has none counts, else the first.
    """
    candidates = [(c.partition("@")[0], c.partition("@")[2]) for c in ent_id.split("|")]
    if episode:
        for node, where in candidates:
            if where and any(episode.startswith(w) for w in where.split(",")):
                return node
        return next((node for node, where in candidates if not where), "")
    return next((node for node, where in candidates if not where), candidates[0][0])


@dataclass
class People:
    """Resolves the words of one line.

    Parameters
    ----------
    doc: the parsed line. speaker, addressee: node ids ("" = not known).
    episode: decides between people of one name.
    pronouns: "female"/"male" -> who she and he are, as far as the lines before tell.

    """

    doc: "Doc"
    speaker: str = ""
    addressee: str = ""
    episode: str = ""
    pronouns: Mapping[str, str] = field(default_factory=dict)
    genders: Mapping[str, str] = field(default_factory=dict)
    present: frozenset[str] = frozenset()  # who is in the scene, where that is known

    def __post_init__(self) -> None:
        self._entity = {t.i: ent for ent in self.doc.ents for t in ent}
        self.strangers: dict[str, tuple[str, str, str]] = {}

    def person(self, token: "Token") -> tuple[str, str]:
        """(node id, "" | "you" | "pronoun") of the person a token means; ("", "") where nobody is clear."""
        low = token.lower_.replace("’", "'")
        if low in FIRST:
            return self.speaker, ""
        if low in SECOND:
            return self.addressee, "you"
        for words, gender in ((FEMALE, "female"), (MALE, "male")):
            if low in words:
                return self._pronoun(token, gender), "pronoun"
        return self.entity(token, ("PERSON",)), ""

    def entity(self, token: "Token", labels: tuple[str, ...]) -> str:
        """Node id of the named entity that a token belongs to, "" for none of these labels."""
        ent = self._entity.get(token.i)
        if ent is None or ent.label_ not in labels:
            return ""
        if ent.ent_id_:
            return pick(ent.ent_id_, self.episode)
        words = [t for t in ent if t.tag_ != "POS" and t.lower_ not in {"the", "a"}]
        if not words or not all(t.text[0].isupper() for t in words if t.is_alpha):
            return ""
        name = self.doc[words[0].i : words[-1].i + 1].text.strip(" .,!?'-")
        identity = node_id(name)
        if identity:
            kind = {"PERSON": "person", "ORG": "organisation"}.get(ent.label_, "place")
            self.strangers[identity] = (identity, name, kind)
        return identity

    def stranger(self, token: "Token") -> str:
        """A capitalised name that the recogniser missed, directly after "my cousin"; "" for other words."""
        if token.pos_ != "PROPN" or not token.text.istitle() or not token.is_alpha or len(token) < _NAME_LETTERS:
            return ""
        following = token.doc[token.i + 1] if token.i + 1 < len(token.doc) else None
        if following is not None and following.text[:1].isupper() and following.is_alpha:
            return ""  # part of something longer
        self.strangers[node_id(token.text)] = (node_id(token.text), token.text, "person")
        return node_id(token.text)

    def common_place(self, token: "Token") -> str:
        """A place of work known by its kind, as in "the museum"; "" for other nouns."""
        if token.lower_ not in _WORKPLACES or not any(c.lower_ in {"the", "a", "an"} for c in token.children):
            return ""
        kinds = [c.text for c in token.children if c.dep_ == "compound" and c.i == token.i - 1]
        name = " ".join([*kinds, token.text]).lower()
        self.strangers[node_id(name)] = (node_id(name), f"the {name}", "place")
        return node_id(name)

    def proper(self, token: "Token", kind: str) -> str:
        """A name of several capitalised words that the recogniser missed ("the Harbor Gazette"); "" for other words."""
        words = [*(c for c in token.children if c.dep_ == "compound" and c.i < token.i), token]
        together = [w.i for w in words] == list(range(token.i - len(words) + 1, token.i + 1))
        if len(words) < 2 or not together or not all(w.text[:1].isupper() and w.is_alpha for w in words):
            return ""
        if any(w.ent_id_ or w.ent_type_ == "PERSON" for w in words):
            return ""
        name = " ".join(w.text for w in words)
        self.strangers[node_id(name)] = (node_id(name), name, kind)
        return node_id(name)

    def firm(self, token: "Token") -> str:
        """A name taken for a person's that isn't one: an organisation where somebody works."""
        identity = self.entity(token, ("PERSON",))
        if identity in self.strangers and len(identity.split("_")) > 1:
            self.strangers[identity] = (identity, self.strangers[identity][1], "organisation")
            return identity
        return ""

    def _pronoun(self, token: "Token", gender: str) -> str:
        """The one person of this gender named before in the line; else as the lines before tell."""
        before = {
            pick(e.ent_id_, self.episode)
            for e in self.doc.ents
            if e.label_ == "PERSON" and e.ent_id_ and e.end <= token.i
        }
        fitting = {p for p in before if p and self.genders.get(p) == gender and p not in (self.speaker, self.addressee)}
        if len(fitting) == 1:
            return next(iter(fitting))
        return "" if fitting else self.pronouns.get(gender, "")
