"""To whom a line is spoken: clues, weights, confidence."""

import math

import pytest

from parsing.addressee_clues import EVERYBODY, NOBODY, Option
from parsing.addressees import Addressees, choose, load_weights, probabilities
from parsing.errors import BadFile
from parsing.line_clues import Spoken, line_clues
from parsing.presence import NameFinder

ADA, TOM, HALE = "Adela Brook", "Tom Finch", "Mr. Hale"
ALL_THREE = (ADA, HALE, TOM)


def line(who, text, *directions, there=ALL_THREE):
    named = () if who.islower() else (who,)  # a role
    return Spoken(text, named, who, directions, there)


def said(show, *lines):
    return Addressees(NameFinder(show)).of(lines, "S01E01")


@pytest.mark.parametrize(
    ("text", "directions", "expected"),
    [
        ("Sit down.", ("to Tom and Mr. Hale",), {TOM, HALE}),
        ("Sit down.", ("turns to Tom",), {TOM}),
        ("Tom, sit down.", (), {TOM}),
        ("Sit down, Tom!", (), {TOM}),
        ("Hey Tom, sit.", (), {TOM}),
        ("Tom, Mr. Hale, sit.", (), {TOM, HALE}),
    ],
)
def test_directions_and_calls_name_the_addressee(mill, text, directions, expected):
    told = said(mill, line(ADA, text, *directions), line(HALE, "Hm."))[0]
    assert set(told.names) == expected
    assert 0 < told.confidence <= 1


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("Tom, sit down.", "start"),
        ("All right, Tom. Sit.", "start"),
        ("Tom!", "alone"),
        ("Why don't you sit down, Tom!", "end"),
        ("I have told you often, Tom, to sit.", "middle"),
        ("I saw Tom at the mill.", ""),
        ("Tom is late.", ""),
        ("He took Tom's, Ada.", ""),
    ],
)
def test_where_a_name_is_called_out(mill, text, where):
    clues = line_clues(line(ADA, text), NameFinder(mill), "S01E01")
    assert clues.called.get(TOM, "") == where


def test_a_place_or_a_look_is_not_whom_it_is_said_to(mill):
    clues = line_clues(line(ADA, "Go on.", "walks to Tom's chair", "looks at Mr. Hale"), NameFinder(mill), "S01E01")
    assert (clues.told, clues.staged) == ((), frozenset({HALE}))


def test_of_two_people_the_other_is_meant(mill):
    lines = [line(ADA, "Hm.", there=(ADA, TOM)), line(TOM, "Hm?", there=(ADA, TOM))]
    assert [told.names for told in said(mill, *lines)] == [(TOM,), (ADA,)]


def test_an_exchange_among_three_is_surer_than_a_lone_remark(mill):
    exchange = said(mill, *(line(who, "Why do you ask?") for who in (ADA, TOM, ADA, TOM, HALE)))
    assert [told.names for told in exchange[1:3]] == [(ADA,), (TOM,)]
    remark = said(mill, line(ADA, "It rains."), line(TOM, "It rains."), line(HALE, "It rains."))[1]
    assert min(told.confidence for told in exchange[1:3]) > (remark.confidence or 0)


def test_a_role_that_was_spoken_with_is_nobody_with_a_name(mill):
    told = said(mill, line("waiter", "Coffee?"), line(ADA, "Yes."), line("waiter", "Milk?"))
    assert told[1].names == ()
    assert told[1].confidence is None


def test_all_are_meant_by_a_greeting_to_the_group(mill):
    told = said(mill, line(TOM, "Hm."), line(ADA, "Hey, you guys!", "entering"), line(HALE, "Hm."))[1]
    assert set(told.names) == {TOM, HALE}


def test_the_shares_are_the_softmax_of_the_sums_and_unknown_clues_weigh_nothing():
    options = [Option((TOM,), TOM, ("a", "b")), Option((HALE,), HALE, ("c",)), Option((), NOBODY, ())]
    found = probabilities(options, {"a": 1.0, "b": math.log(2) - 1.0})
    assert found == pytest.approx([0.5, 0.25, 0.25])


def test_options_of_the_same_people_count_together():
    options = [Option((TOM,), TOM, ()), Option((TOM,), EVERYBODY, ()), Option((), NOBODY, ("n",))]
    told = choose(options, {"n": math.log(1.5)})
    assert told.names == (TOM,)
    assert told.confidence == pytest.approx(2 / 3.5, abs=1e-3)


def test_a_file_without_weights_is_named(tmp_path):
    path = tmp_path / "weights.toml"
    path.write_text("[weights]\nbefore_1 = 'much'\n")
    with pytest.raises(BadFile, match=r"weights\.toml: no table"):
        load_weights(path)


@pytest.mark.parametrize("text", ["Hey, you guys!", "Guys, stop it.", "Listen, everybody!", "What do you two want?"])
def test_a_group_is_spoken_to(mill, text):
    assert "guys" in line_clues(line(ADA, text), NameFinder(mill), "S01E01").marks


@pytest.mark.parametrize("text", ["Everybody knows that.", "These guys are late.", "You know it."])
def test_a_group_is_only_spoken_of(mill, text):
    assert "guys" not in line_clues(line(ADA, text), NameFinder(mill), "S01E01").marks
