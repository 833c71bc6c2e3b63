"""Is a clause asserted? Questions, wishes, conditions, pretence, reports of others' words and jokes are not."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Token

_MODAL = frozenset(
    {"would", "could", "might", "may", "should", "must", "will", "'ll", "ll", "wo", "'d", "shall", "can", "ca"}
)
_UNREAL = frozenset(
    {"wish", "pretend", "imagine", "suppose", "hope", "think", "guess", "dream", "want", "say", "tell", "ask", "wonder"}
    | {
        "believe",
        "claim",
        "act",
        "hear",
        "feel",
        "seem",
        "bet",
        "swear",
        "doubt",
        "figure",
        "assume",
        "let",
        "convince",
    }
)
_CONDITION = frozenset({"if", "unless", "whether", "like", "as", "when", "until", "before", "than", "or"})
_MAYBE = frozenset({"maybe", "perhaps", "probably", "almost", "when"})
_DEPTH = 6  # clauses above that are looked at
_LINE = re.compile(
    r"\b(?:kidding|joking|pretend|pretending|imagine|dream(?:ed|t|ing)?|let's say|as if|what if|suppose|wish|if i were"
    r"|next thing (?:i|you) know"
    r"|play(?:ing|ed)? (?:a|the)|character|audition|the part of|role)\b",
    re.IGNORECASE,
)
_QUOTE = re.compile(r"[\"“”]|(?<=[,:] )'(?=[A-Z])")


def doubtful(text: str) -> bool:
    """Does the line speak of what isn't so (pretence, dreams, parts played), or quote?"""
    return bool(_LINE.search(text) or _QUOTE.search(text))


def question(token: "Token") -> bool:
    """Does the sentence of a token end in a question mark, or is its verb turned round ("are you a chef")?"""
    sentence = token.sent
    for t in reversed(list(sentence)):
        if t.is_punct and "?" in t.text:
            return True
        if not t.is_punct and not t.is_space:
            break
    # the tokenizer may cut a sentence in the middle of a question: look up to the next closing mark
    for t in token.doc[sentence.end :]:
        if t.text and t.text[-1] in ".!…":
            return False
        if "?" in t.text:
            return True
    return False


def negated(verb: "Token") -> bool:
    """Is a verb negated, by "not", "never" or "no"?"""
    around = [verb, *verb.children]
    if any(t.dep_ == "neg" or t.lower_ in {"not", "n't", "never", "hardly", "nobody"} for t in around):
        return True
    return any(t.lower_ == "no" and t.head.dep_ in {"attr", "dobj"} and t.head.head == verb for t in verb.subtree)


def asserted(verb: "Token") -> bool:
    """Is the clause of this verb stated as so? Negation is another matter."""
    infinitive = verb.tag_ == "VB" and any(c.lower_ == "to" for c in verb.children)
    if question(verb) or (infinitive and verb.head.lower_ != "used"):
        return False
    here = verb
    for _ in range(_DEPTH):
        if _hedged(here):
            return False
        if here.dep_ == "ROOT":
            return True
        parent = here.head
        if here.dep_ in {"ccomp", "xcomp", "advcl", "acl"} and (parent.lemma_ in _UNREAL or parent.dep_ == "acl"):
            return False
        if here.dep_ == "ccomp" and negated(parent):
            return False
        here = parent
    return False


def _hedged(verb: "Token") -> bool:
    """Does a modal, a condition or "maybe" stand with the verb?"""
    return any(
        (c.dep_ in {"aux", "auxpass"} and c.lower_ in _MODAL)
        or (c.dep_ == "mark" and c.lower_ in _CONDITION)
        or (c.dep_ == "advmod" and c.lower_ in _MAYBE)
        for c in verb.children
    )


def past(verb: "Token") -> bool:
    """Is it a former state, said with "was" or "used to"?"""
    if verb.tag_ == "VBD" and (verb.lemma_ == "be" or verb.pos_ == "AUX"):
        return True
    if any(c.lower_ == "used" for c in verb.children) or (verb.head.lower_ == "used" and verb.dep_ == "xcomp"):
        return True
    return any(c.dep_ in {"aux", "auxpass"} and c.tag_ == "VBD" and c.lemma_ == "be" for c in verb.children)
