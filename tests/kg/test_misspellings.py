"""Misspelt names by symmetric deletion: what is found is what a search through all names finds."""

import string

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from kg.misspellings import Misspellings

NAMES = ("monica", "rachel", "chandler", "phoebe", "janice", "elizabeth", "christine", "christina", "joshua", "ross")


def searched(word: str) -> str | None:
    """The rule, told plainly: through all names, the nearest that is near enough."""
    near = []
    for name in (n for n in NAMES if len(n) >= 5):
        allowed = 1 if len(word) < 8 or len(name) < 8 else 2
        if not word[0].isupper():
            allowed = int(word[0] == name[0] and len(word) >= 6)
        if (distance := OSA.distance(word.lower(), name)) <= allowed:
            near.append((distance, name))
    return min(near)[1] if near else None


@st.composite
def misspelt(draw: st.DrawFn) -> str:
    """A name with up to three letters changed, put in, left out or exchanged."""
    word = list(draw(st.sampled_from(NAMES)))
    for _ in range(draw(st.integers(0, 3))):
        place, letter = draw(st.integers(0, len(word) - 1)), draw(st.sampled_from(string.ascii_lowercase))
        match draw(st.sampled_from("cida")):
            case "c":
                word[place] = letter
            case "i":
                word.insert(place, letter)
            case "d" if len(word) > 2:
                word.pop(place)
            case _:
                word[place - 1], word[place] = word[place], word[place - 1]
    return draw(st.sampled_from([str.lower, str.capitalize]))("".join(word))


@given(misspelt())
def test_the_table_finds_what_a_search_through_all_names_finds(word: str) -> None:
    assert Misspellings(NAMES).nearest(word) == searched(word)


def test_one_edit_is_forgiven_two_between_long_words_and_a_short_name_is_none() -> None:
    known = Misspellings(NAMES)
    assert known.nearest("Rachle") == "rachel"
    assert known.nearest("Elizabehtt") == "elizabeth"
    assert known.nearest("Rahcle") is None  # two edits in six letters
    assert known.nearest("Rosss") is None  # "ross" has four letters
    assert known.nearest("achel") is None  # in lower case it has to begin alike
    assert known.nearest("Cristine") == "christine"  # not christina: two edits
