"""A small hand-made graph with families like those of a sitcom: every case of the tests can be checked by eye."""

from kg.graph import fact_id
from kg.types import Alias, Fact, Node

START = "S01E01"

PEOPLE = {  # id: (name, gender, aliases)
    "ross_geller": ("Ross Geller", "male", ("Ross",)),
    "monica_geller": ("Monica Geller", "female", ("Monica", "Mon")),
    "rachel_green": ("Rachel Green", "female", ("Rachel", "Rach")),
    "joey_tribbiani": ("Joey Tribbiani", "male", ("Joey",)),
    "chandler_bing": ("Chandler Bing", "male", ("Chandler",)),
    "phoebe_buffay": ("Phoebe Buffay", "female", ("Phoebe", "Pheebs")),
    "jack_geller": ("Jack Geller", "male", ("Jack", "Mr. Geller")),
    "judy_geller": ("Judy Geller", "female", ("Judy", "Mrs. Geller")),
    "ben_geller": ("Ben Geller", "male", ("Ben",)),
    "carol_willick": ("Carol Willick", "female", ("Carol",)),
    "susan_bunch": ("Susan Bunch", "female", ("Susan",)),
    "ursula_buffay": ("Ursula Buffay", "female", ("Ursula",)),
    "janice": ("Janice", "female", ()),
    "will_colbert": ("Will Colbert", "male", ("Will",)),
    "mike_hannigan": ("Mike Hannigan", "male", ("Mike",)),
    "barry_farber": ("Barry Farber", "male", ("Barry",)),
    "emma": ("Emma Geller-Green", "female", ("Emma",)),
}
LATE = {"mike_hannigan": "S09E03", "emma": "S08E24", "ben_geller": "S01E23", "will_colbert": "S08E09"}
THINGS = {
    "central_perk": ("Central Perk", "place", ("the coffee house",)),
    "new_york": ("New York", "place", ("Manhattan",)),
    "london": ("London", "place", ()),
    "natural_history_museum": ("Museum of Natural History", "organisation", ("the museum",)),
    "ralph_lauren": ("Ralph Lauren", "organisation", ()),
    "marcel": ("Marcel", "animal", ()),
    "c_plus_plus": ("C++ (the club)", "place", ()),
}


def fact(subject: str, relation: str, object_: str, **more: object) -> Fact:
    """A fact whose id is made from its content; evidence in the episode in which it is revealed."""
    values: dict = {"since": "before", "revealed": START, "confidence": 0.9, "extractor": "test"} | more
    values.setdefault("evidence", (f"{values['revealed']}.01.001",))
    identity = fact_id(subject, relation, object_, bool(values.get("polarity", True)), values["since"])
    return Fact(id=identity, subject=subject, relation=relation, object=object_, **values)


def lit(subject: str, relation: str, text: str, **more: object) -> Fact:
    return fact(subject, relation, text, literal=True, **more)


MAIN = ("ross_geller", "monica_geller", "rachel_green", "joey_tribbiani", "chandler_bing", "phoebe_buffay")


def everybody(episode: str) -> dict[str, str]:
    return dict.fromkeys(MAIN, episode)


FACTS = [
    fact("ross_geller", "sibling", "monica_geller", known_by=everybody(START)),
    fact("jack_geller", "parent_of", "ross_geller", revealed="S01E02", known_by=everybody("S01E02")),
    fact("jack_geller", "parent_of", "monica_geller", revealed="S01E02", known_by=everybody("S01E02")),
    fact("judy_geller", "parent_of", "ross_geller", revealed="S01E02", known_by=everybody("S01E02")),
    fact("judy_geller", "parent_of", "monica_geller", revealed="S01E02", known_by=everybody("S01E02")),
    fact("jack_geller", "spouse", "judy_geller", revealed="S01E02", known_by=everybody("S01E02")),
    fact("ross_geller", "parent_of", "ben_geller", since="S01E23", revealed="S01E23", known_by=everybody("S01E23")),
    fact("ross_geller", "spouse", "carol_willick", until="S01E01", known_by=everybody(START)),
    fact("carol_willick", "spouse", "susan_bunch", since="S02E11", revealed="S02E11", known_by=everybody("S02E11")),
    fact(
        "monica_geller",
        "dating",
        "chandler_bing",
        since="S04E24",
        until="S07E24",
        revealed="S04E24",
        known_by={"joey_tribbiani": "S05E05", "rachel_green": "S05E11", "ross_geller": "S05E14"},
    ),
    fact("monica_geller", "spouse", "chandler_bing", since="S07E24", revealed="S07E24", known_by=everybody("S07E24")),
    fact("ross_geller", "dating", "rachel_green", since="S02E14", until="S03E16", revealed="S02E14"),
    fact("ross_geller", "parent_of", "emma", since="S08E24", revealed="S08E24"),
    fact("rachel_green", "parent_of", "emma", since="S08E24", revealed="S08E24"),
    fact("phoebe_buffay", "sibling", "ursula_buffay", revealed="S01E16", known_by=everybody("S01E16")),
    fact("phoebe_buffay", "twin", "ursula_buffay", revealed="S01E16", known_by=everybody("S01E16")),
    fact("phoebe_buffay", "dating", "mike_hannigan", since="S09E03", revealed="S09E03"),
    fact("joey_tribbiani", "roommate", "chandler_bing", until="S06E02", known_by=everybody(START)),
    fact("monica_geller", "friend", "rachel_green", known_by=everybody(START)),
    fact("joey_tribbiani", "friend", "chandler_bing", known_by=everybody(START)),
    fact("rachel_green", "engaged_to", "barry_farber", until="S01E01", known_by=everybody(START)),
    lit("monica_geller", "job", "chef", known_by=everybody(START)),
    lit("joey_tribbiani", "job", "actor", known_by=everybody(START)),
    lit("ross_geller", "job", "paleontologist", known_by=everybody(START)),
    lit("rachel_green", "job", "waitress", until="S03E10", known_by=everybody(START)),
    fact("ross_geller", "works_at", "natural_history_museum", known_by=everybody(START)),
    fact("rachel_green", "works_at", "ralph_lauren", since="S05E17", revealed="S05E17"),
    fact("ross_geller", "lives_in", "new_york", known_by=everybody(START)),
    fact("ross_geller", "has_pet", "marcel", since="S01E10", until="S01E21", revealed="S01E10"),
    lit("monica_geller", "age", "26", revealed="S01E17"),
    lit("ross_geller", "birthday", "October 18", revealed="S04E05"),
    lit("chandler_bing", "full_name", "Chandler Muriel Bing", revealed="S04E04"),
    lit("ross_geller", "allergic_to", "kiwi", revealed="S04E17", known_by={"monica_geller": "S04E17"}),
    lit("joey_tribbiani", "likes", "sandwiches"),
    lit("rachel_green", "sibling", "", polarity=False, revealed="S09E99", confidence=0.1),
    lit("e1", "event_kind", "kiss", revealed="S02E07", since="S02E07"),
    fact("e1", "agent", "ross_geller", revealed="S02E07", since="S02E07"),
    fact("e1", "patient", "rachel_green", revealed="S02E07", since="S02E07"),
    fact("e1", "place", "central_perk", revealed="S02E07", since="S02E07"),
    lit("e1", "in_episode", "S02E07", revealed="S02E07", since="S02E07"),
    lit("e2", "event_kind", "breakup", revealed="S03E15", since="S03E15", known_by=everybody("S03E16")),
    fact("e2", "agent", "rachel_green", revealed="S03E15", since="S03E15", known_by=everybody("S03E16")),
    fact("e2", "patient", "ross_geller", revealed="S03E15", since="S03E15", known_by=everybody("S03E16")),
    lit("e2", "in_episode", "S03E15", revealed="S03E15", since="S03E15", known_by=everybody("S03E16")),
]


def make_nodes() -> list[Node]:
    people = [
        Node(i, "person", name, tuple(Alias(a, LATE.get(i, START)) for a in aliases), gender, LATE.get(i, START))
        for i, (name, gender, aliases) in PEOPLE.items()
    ]
    things = [
        Node(i, kind, name, tuple(Alias(a, START) for a in aliases)) for i, (name, kind, aliases) in THINGS.items()
    ]
    events = [Node("e1", "event", "kiss", revealed="S02E07"), Node("e2", "event", "breakup", revealed="S03E15")]
    return people + things + events
