"""Cue labels to canonical names, with the reason."""

import pytest

from parsing.speakers import Cue, Speakers, fold


@pytest.fixture
def resolve(mill):
    return Speakers(mill).resolve


@pytest.mark.parametrize(
    ("label", "names", "reason"),
    [
        ("Adela Brook", ("Adela Brook",), "name"),
        ("ADA", ("Adela Brook",), "alias"),
        ("adbr", ("Adela Brook",), "label"),
        ("Addie.", ("Adela Brook",), "alias"),
        ("MR HALE", ("Mr. Hale",), "name"),
        ("Ada and Tom", ("Adela Brook", "Tom Finch"), "joint"),
        ("ADA, TOM, AND MR. HALE", ("Adela Brook", "Tom Finch", "Mr. Hale"), "joint"),
        ("Tom/The Miller", ("Tom Finch",), "voice"),
        ("The Lovers", ("Adela Brook", "Tom Finch"), "group"),
        ("ALL", (), "all"),
        ("Ada pouring tea for Tom", ("Adela Brook",), "aside"),
        ("Waiter", (), "role"),
        ("Adam", (), "role"),
    ],
)
def test_a_label_is_resolved_with_its_reason(resolve, label, names, reason):
    cue = resolve(label, "S01E01")
    assert (cue.speakers, cue.reason) == (names, reason)


def test_everybody_but_one_leaves_that_one_out(resolve):
    assert resolve("All except Tom", "S01E01") == Cue((), "all", absent=("Tom Finch",))


def test_a_homonym_is_told_apart_by_the_episodes_of_the_rarer_person(resolve):
    assert resolve("TOM", "S01E01").one == "Tom Finch"
    assert resolve("TOM", "S01E02").one == "Tom Reed"
    assert resolve("TOM FINCH", "S01E02").one == "Tom Finch"


def test_one_slip_is_mended_where_only_one_main_character_is_near(make_show):
    show = make_show(
        'id="a"\ntitle="A"\nlanguage="en"\nseasons=[1]\ncast=['
        '{name="Chandra Rao",persona=true},{name="Mona",persona=false},{name="Monica Day",persona=true}]'
    )
    resolve = Speakers(show).resolve
    assert resolve("CHANDAR", "S01E01") == Cue(("Chandra Rao",), "misspelt")
    assert resolve("Mona", "S01E01").one == "Mona"  # two letters from Monica, but somebody else
    assert resolve("Sandra", "S01E01").reason == "role"  # near, but another first letter


def test_folding_forgets_case_and_points():
    assert fold(" MRS.  GELLER ") == fold("Mrs Geller") == "mrs geller"
    assert fold("Joey's Date") == "joeys date"
