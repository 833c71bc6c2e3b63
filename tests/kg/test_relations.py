from pathlib import Path

import pytest

from kg.relations import LITERALS, load_relations, relations
from parsing.errors import BadFile, BadInput


def test_every_inverse_names_its_relation_back():
    table = relations()
    for relation in table.values():
        if relation.inverse:
            assert table[relation.inverse].inverse == relation.name
        assert relation.symmetric == (relation.inverse == relation.name)


def test_inverses_swap_domain_and_range():
    for relation in relations().values():
        if relation.inverse:
            assert set(relation.domain) == set(relations()[relation.inverse].range)


def test_excluded_relations_exclude_each_other_where_both_are_between_people():
    for relation in relations().values():
        assert relation.name not in relation.excludes


def test_the_brief_s_relations_are_all_there():
    wanted = {
        "twin",
        "hangs_out_at",
        "parent_of",
        "child_of",
        "sibling",
        "spouse",
        "engaged_to",
        "dating",
        "friend",
        "roommate",
        "neighbour",
        "grandparent_of",
        "grandchild_of",
        "uncle_aunt_of",
        "niece_nephew_of",
        "cousin",
        "parent_in_law_of",
        "child_in_law_of",
        "sibling_in_law",
        "boss_of",
        "works_for",
        "colleague",
        "job",
        "acts_in",
        "species",
        "note",
        "represented_by",
        "expecting",
        "favourite_food",
        "favourite_film",
        "favourite_book",
        "favourite_flower",
        "plays",
        "instrument",
        "created",
        "speaks",
        "religion",
        "afraid_of",
        "works_at",
        "lives_in",
        "studied_at",
        "has_pet",
        "owns",
        "age",
        "birthday",
        "origin",
        "visited",
        "likes",
        "dislikes",
        "allergic_to",
        "full_name",
        "nickname",
        "event_kind",
        "agent",
        "patient",
        "place",
        "in_episode",
    }
    assert wanted == set(relations())


def test_the_word_for_a_relation_follows_gender_number_and_time():
    table = relations()
    assert table["sibling"].word("female") == "sister"
    assert table["parent_of"].word("", plural=True) == "children"
    assert table["spouse"].word("male", former=True) == "ex-husband"
    assert table["job"].word(former=True) == "former job"
    assert table["job"].literal and not table["likes"].literal and LITERALS


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[relation.a]\nsymetric = true", "unknown key 'symetric', did you mean 'symmetric'"),
        ('[relation.a]\ninverse = "b"', "inverse 'b' does not name it back"),
        ('[relation.a]\ndomain = ["person"]\nrange = ["persons"]', "range"),
        ('[relation.a]\ndomain = ["person"]\nrange = ["person"]\nlabel = {any="x"}\nfirst = ["{who}"]', "{who}"),
        (
            '[relation.a]\ndomain = ["person"]\nrange = ["person"]\nlabel = {any="x"}\nverbs = ["("]',
            "regular expression",
        ),
        ('[relation.a]\ndomain = ["person"]\nrange = ["person"]\nlabel = {any="x"}\nderived = ["b c"]', "'b'"),
        ("[thing.a]", "unknown table [thing]"),
        ("[relation", "not a readable TOML"),
    ],
)
def test_a_broken_table_is_refused_by_name(tmp_path: Path, text: str, message: str):
    path = tmp_path / "relations.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadFile, match=r"relations\.toml") as error:
        load_relations(path)
    assert message in str(error.value)


def test_an_unknown_relation_names_the_nearest():
    with pytest.raises(BadInput, match="did you mean 'sibling'"):
        relations().named("siblings")
