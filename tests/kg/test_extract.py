"""Statements read off single lines, as Ross says them to Rachel: every rule with what it finds and what it leaves."""

from collections.abc import Callable

import pytest

from kg.extract import Statement, statements

Read = Callable[..., list[Statement]]
GENDERS = {"ross_geller": "male", "rachel_green": "female", "monica_geller": "female", "chandler_bing": "male"}


@pytest.fixture
def read(nlp) -> Read:
    def reader(text: str, speaker: str = "Ross Geller", addressee: str | None = "Rachel Green", **more):
        return statements(nlp(text), speaker, addressee, genders=GENDERS, **more)

    return reader


def triples(found: list[Statement]) -> set[tuple[str, str, str]]:
    return {(s.subject, s.relation, s.object) for s in found if s.polarity}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("This is my sister Monica.", ("ross_geller", "sibling", "monica_geller")),
        ("My sister is Monica.", ("ross_geller", "sibling", "monica_geller")),
        ("Have you met my sister Monica?", ("ross_geller", "sibling", "monica_geller")),
        ("My mother's name is Judy.", ("judy_geller", "parent_of", "ross_geller")),
        ("My wife, Carol, left me.", ("ross_geller", "spouse", "carol_willick")),
        ("I have a son named Ben.", ("ross_geller", "parent_of", "ben_geller")),
        ("Ben is my son.", ("ross_geller", "parent_of", "ben_geller")),
        ("You're my best friend.", ("ross_geller", "friend", "rachel_green")),
        ("I'm married to Carol.", ("ross_geller", "spouse", "carol_willick")),
        ("I'm dating Janice.", ("ross_geller", "dating", "janice")),
        ("I live with Joey.", ("ross_geller", "roommate", "joey_tribbiani")),
        ("Monica and Chandler are roommates.", ("monica_geller", "roommate", "chandler_bing")),
        ("I'm a paleontologist.", ("ross_geller", "job", "paleontologist")),
        ("I work at the museum.", ("ross_geller", "works_at", "museum")),
        ("I'm 30.", ("ross_geller", "age", "30")),
        ("I'm thirty-one years old.", ("ross_geller", "age", "31")),
        ("My birthday is October 18th.", ("ross_geller", "birthday", "October 18th")),
        ("I'm allergic to peanuts.", ("ross_geller", "allergic_to", "peanuts")),
        ("I live in New York.", ("ross_geller", "lives_in", "new_york")),
        ("I'm from New York.", ("ross_geller", "origin", "new_york")),
        ("I grew up in Chicago.", ("ross_geller", "origin", "chicago")),
        ("I'm the new vet.", ("ross_geller", "job", "vet")),
        ("I'm a ferry captain.", ("ross_geller", "job", "ferry captain")),
        ("I work at the Harbor Gazette.", ("ross_geller", "works_at", "harbor_gazette")),
        ("I own the Gull Inn.", ("ross_geller", "owns", "gull_inn")),
        ("Monica owns a bakery.", ("monica_geller", "owns", "a bakery")),
        ("I live in the lighthouse.", ("ross_geller", "lives_in", "lighthouse")),
        ("That's my cat, Admiral.", ("ross_geller", "has_pet", "admiral")),
        ("I'm allergic to shellfish.", ("ross_geller", "allergic_to", "shellfish")),
    ],
)
def test_a_plain_statement_is_read(read: Read, text: str, expected: tuple[str, str, str]) -> None:
    assert expected in triples(read(text))


@pytest.mark.parametrize(
    "text",
    [
        "Is Monica your sister?",
        "If Monica were my sister I would scream.",
        "I wish Monica was my sister.",
        "Imagine Joey is my brother.",
        "Are you a chef?",
        "I want to be a chef.",
        "I would be a terrible chef.",
        'She said "I\'m a chef".',
        "Maybe Chandler is my friend.",
        "I'm twenty minutes late.",
        "I'm a sucker for cake.",
        "The sister of a friend left.",
    ],
)
def test_what_is_not_asserted_is_no_statement(read: Read, text: str) -> None:
    assert [s for s in read(text) if s.polarity and not s.rule.startswith("job_asked")] == []


def test_two_statements_of_one_sentence_are_both_read(read: Read) -> None:
    found = triples(read("I'm an actor and I live with Chandler.", "Joey Tribbiani"))
    assert {("joey_tribbiani", "job", "actor"), ("joey_tribbiani", "roommate", "chandler_bing")} <= found


def test_two_parents_in_one_sentence(read: Read) -> None:
    found = triples(read("My parents are Jack and Judy."))
    assert found == {("jack_geller", "parent_of", "ross_geller"), ("judy_geller", "parent_of", "ross_geller")}


def test_denials_have_negative_polarity(read: Read) -> None:
    (none,) = read("I don't have a sister.", "Rachel Green", None)
    assert (none.subject, none.relation, none.object, none.polarity) == ("rachel_green", "sibling", "", False)
    (job,) = read("I'm not a doctor.")
    assert (job.object, job.polarity) == ("doctor", False)


def test_former_states_are_past(read: Read) -> None:
    (job,) = read("I used to be a waitress.", "Rachel Green")
    assert (job.object, job.tense) == ("waitress", "past")
    assert read("This is my ex-girlfriend Janice.")[0].tense == "past"


def test_you_is_the_addressee_and_without_one_nobody(read: Read) -> None:
    assert triples(read("You're a chef.", "Ross Geller", "Monica Geller")) == {("monica_geller", "job", "chef")}
    assert read("You're a chef.", "Ross Geller", None) == []


def test_a_pronoun_is_the_one_person_of_its_gender(read: Read) -> None:
    found = read("She's my sister.", "Ross Geller", None, pronouns={"female": "monica_geller"})
    assert [(s.object, s.rule) for s in found] == [("monica_geller", "copula+pronoun")]
    assert read("She's my sister.", "Ross Geller", None) == []


def test_gender_of_the_word_is_kept_for_the_holder(read: Read) -> None:
    assert read("This is my sister Monica.")[0].gendered == ("monica_geller", "female")


def test_a_name_that_is_no_word_of_the_cast_becomes_a_stranger(read: Read) -> None:
    (found,) = read("This is my cousin Cassie.")
    assert found.object == "cassie"
    assert found.names == (("cassie", "Cassie", "person"),)


def test_a_word_is_a_name_only_where_it_is_used_as_one(nlp) -> None:
    assert [e.ent_id_ for e in nlp("Will you call me tomorrow?").ents if e.ent_id_] == []
    assert [e.ent_id_ for e in nlp("I talked to Will yesterday.").ents if e.ent_id_] == ["will_colbert"]


def test_offsets_are_those_of_the_words(read: Read) -> None:
    text = "Oh, hi. This is my sister Monica."
    (found,) = read(text)
    assert text[found.start : found.end] == found.text == found.span


def test_people_of_one_name_are_told_apart_by_episode() -> None:
    from kg.extract.people import pick

    both = "jack_boss@S06E16|jack_geller"
    assert pick(both, "S06E16") == "jack_boss"
    assert pick(both, "S06E17") == pick(both, "") == "jack_geller"
    assert pick("richard@S02,S03", "S07E01") == ""


def test_a_name_at_the_end_may_be_called_out(read: Read) -> None:
    assert triples(read("This is my wife, Carol.")) == {("ross_geller", "spouse", "carol_willick")}
    assert triples(read("I told my wife, Rachel.", "Ross Geller", "Rachel Green")) == set()


def test_what_is_so_no_longer_was_so(read: Read) -> None:
    (said,) = [s for s in read("So you're not a waitress anymore.") if s.relation == "job"]
    assert (said.subject, said.object, said.polarity, said.tense) == ("rachel_green", "waitress", True, "past")


@pytest.mark.parametrize(
    "text",
    [
        "He's the waiter who brought the soup.",
        "That's why I feed my dog Purina One!",
        "I own the place.",
        "I live in the past.",
        "My cat, Monica, is lovely.",
    ],
)
def test_things_that_only_look_like_somebody_s(read: Read, text: str) -> None:
    assert not triples(read(text))


def test_what_the_next_thing_one_knows_is_isn_t_so(read: Read) -> None:
    assert triples(read("The next thing I know, I live in London and I'm a chef.")) == set()


def test_an_unknown_name_after_a_comma_needs_an_introduction(read: Read) -> None:
    assert triples(read("You should meet my uncle, Bada.")) == set()
    assert ("bertram", "uncle_aunt_of", "ross_geller") in triples(read("This is my uncle, Bertram."))
