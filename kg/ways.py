"""The ways by which facts are found, so that each can be left out and measured: rule of a statement -> way."""

from collections.abc import Mapping

ADDRESSEE, COREFERENCE, CLOSURE = "addressee", "coreference", "closure"
_RULES: Mapping[str, tuple[str, ...]] = {
    "kin address": ("address", "address_surname"),
    "titles": ("titled", "married"),
    "names nearby": ("nearby", "naming"),
    "headings": ("heading", "home", "heading_place", "at_work"),
    "directions": ("direction", "kissing"),
    "events": ("vow", "asking", "accepted", "together", "told"),
    "pooling": ("pooled", "pooled_half"),
    "family": ("family",),
}
WAYS = ("patterns", ADDRESSEE, COREFERENCE, *_RULES, CLOSURE)
_WAY = {rule: way for way, rules in _RULES.items() for rule in rules}


def way_of(rule: str) -> str:
    """The way of a statement's rule: who "you" and "she" are counts before the pattern that needed it.

    >>> way_of("possessive"), way_of("possessive+you"), way_of("home")
    ('patterns', 'addressee', 'headings')
    """
    name, _, how = rule.partition("+")
    if how:
        return ADDRESSEE if how == "you" else COREFERENCE
    return _WAY.get(name, "patterns")
