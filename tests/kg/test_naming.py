"""Names that the recogniser of written English misses in speech, and sounds that it takes for names."""

import pytest

from kg.naming import PersonNames, gender_of_name, given_names, plain_word, sound


@pytest.mark.parametrize("word", ["Ohhh", "Umm", "Noooo", "Hmm", "Aww", "Whoa", "Yeaaah", "Shh", "Ugh", "Gotcha"])
def test_sounds_are_no_names(word: str) -> None:
    assert sound(word)


@pytest.mark.parametrize("word", ["Ross", "Emma", "Aaron", "Hannah", "Noah", "Ann", "Otto", "Bob", "Uma", "Joey"])
def test_names_are_no_sounds(word: str) -> None:
    assert not sound(word)


def test_given_names_are_the_census_lists_and_tell_the_sex() -> None:
    assert {"olivia", "frank", "benny"} <= given_names()
    assert "table" not in given_names()
    assert (gender_of_name("danielle"), gender_of_name("sidney_marks"), gender_of_name("man_1")) == (
        "female",
        "male",
        "male",
    )
    assert gender_of_name("zzyzx") == ""


def test_words_of_english_are_plain() -> None:
    assert plain_word("Table")
    assert plain_word("Sister")
    assert not plain_word("Hoshi")


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Oh, Olivia!", ["Olivia"]),
        ("My name is Hoshi.", ["Hoshi"]),
        ("Ask Dr. Wiffler about it.", ["Wiffler"]),
        ("MONICA, come here!", ["MONICA"]),
        ("did you see monica today?", ["monica"]),
        ("Ohhh, that is so sweet.", []),
        ("We bought a Mercedes.", []),
        ("I play Pac-Man.", []),
    ],
)
def test_persons_of_a_spoken_line(nlp, line: str, names: list[str]) -> None:
    found = [e.text.removeprefix("Dr. ") for e in nlp(line).ents if e.label_ == "PERSON"]
    assert found == names


def test_what_the_ruler_found_stays_and_nothing_overlaps(nlp) -> None:
    doc = nlp("This is Olivia, and Monica likes Frannie.")
    assert [(e.text, e.ent_id_) for e in doc.ents if e.ent_id_] == [("Monica", "monica_geller")]
    assert PersonNames()(doc).ents == doc.ents


def test_spoken_forms_are_words(nlp) -> None:
    assert [(t.text, t.norm_) for t in nlp.make_doc("I wanna go, y'know")] == [
        ("I", "i"),
        ("wan", "want"),
        ("na", "to"),
        ("go", "go"),
        (",", ","),
        ("y'know", "y'know"),
    ]
    assert [t.text for t in nlp.make_doc("Gimme that")] == ["Gim", "me", "that"]


def test_components_say_what_they_need_and_give(nlp) -> None:
    assert nlp.pipe_names[-2:] == ["canon_persons", "canon_names"]
    assert nlp.get_pipe_meta("canon_names").assigns == ["doc.ents", "token.ent_type"]
    assert not nlp.analyze_pipes(pretty=False)["problems"]["canon_names"]
