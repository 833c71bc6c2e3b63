"""Who is a guest of one name: runs of episodes, common and rare names, recurring people, strangers, peoples."""

import pytest

from parsing.attribution import attribution
from parsing.build import Transcripts, utterance_table
from parsing.guests import guests, is_common, runs, strangers
from parsing.labels import collect
from parsing.manifest import show_from
from parsing.merging import plan
from parsing.readers import Block
from parsing.roles import Roles

CAST = [
    {"name": "Adela Brook", "labels": ["BROOK"], "persona": True, "gender": "female"},
    {"name": "Robert Finch", "labels": ["FINCH"], "aliases": ["Captain"], "gender": "male"},
    {"name": "Ruth Finch", "gender": "female"},
]


def show_of(path, **more):
    table = {"id": "mill", "title": "Mill", "language": "en", "seasons": [40], "cast": CAST, "speakers": "statistics"}
    return show_from(table | more, path / "show.toml")


def scene(*labels, text="We grind the flour now."):
    return [Block("scene", "The mill"), *(Block("speech", text, label=label) for label in labels)]


def episodes(scripts, count=30):
    """{episode: blocks}: the given scenes, and Brook alone in all other episodes."""
    return {f"S01E{n:02d}": scripts.get(n, scene("BROOK")) for n in range(1, count + 1)}


def table_of(show, script):
    table, _ = utterance_table(show, Transcripts(script))
    return table


def by_episode(table, label):
    return table[table["speaker_raw"] == label].groupby("episode")["speaker"].first().to_dict()


@pytest.mark.parametrize(
    ("key", "common"),
    [
        ("john", True), ("mr smith", True), ("kirk2", True), ("stella 500", True),
        ("nechayev", False), ("john smith", False), ("mayor quimby", False),
    ],
)  # fmt: skip
def test_common_names_are_those_that_many_people_bear(key, common):
    assert is_common(key) is common


def test_runs_are_neighbours_in_the_order_of_the_show():
    order = ["S01E01", "S01E02", "S01E03", "S02E01", "S02E02"]
    assert runs({"S02E01", "S01E01", "S01E03"}, order) == [("S01E01",), ("S01E03", "S02E01")]


def test_guests_of_one_common_name_in_episodes_apart_are_two_people(tmp_path):
    script = episodes({3: scene(*["John", "BROOK"] * 3), 4: scene("John"), 20: scene(*["JOHN", "BROOK"] * 4)}, 40)
    table = table_of(show_of(tmp_path), script)
    assert by_episode(table, "John") == {"S01E03": "John (S01E03)", "S01E04": "John (S01E03)"}
    assert by_episode(table, "JOHN") == {"S01E20": "John (S01E20)"}


def test_a_rare_name_a_recurring_one_and_a_kept_one_are_one_person(tmp_path):
    rare = episodes({3: scene(*["Nechayev", "BROOK"] * 3), 20: scene(*["Nechayev", "BROOK"] * 3)})
    assert set(by_episode(table_of(show_of(tmp_path), rare), "Nechayev").values()) == {"Nechayev"}
    apart = {n: scene(*["John", "BROOK"] * 3) for n in (3, 9, 20)}  # in a tenth of the episodes
    assert set(by_episode(table_of(show_of(tmp_path), episodes(apart)), "John").values()) == {"John"}
    kept = show_of(tmp_path, keep={"John": "person"})
    two = episodes({3: scene(*["John", "BROOK"] * 3), 20: scene(*["John", "BROOK"] * 3)})
    assert set(by_episode(table_of(kept, two), "John").values()) == {"John"}


def test_a_slip_joins_the_guest_of_its_own_episodes(tmp_path):
    script = episodes(
        {3: scene(*["Gregory", "BROOK"] * 6, "Gregroy"), 20: scene(*["Gregory", "BROOK"] * 6, "FINCH", "Gregorry")}
    )
    table = table_of(show_of(tmp_path), script)
    assert by_episode(table, "Gregroy") == {"S01E03": "Gregory (S01E03)"}
    assert by_episode(table, "Gregorry") == {"S01E20": "Gregory (S01E20)"}


def test_a_bare_first_name_beside_its_bearer_or_out_of_his_season_is_a_stranger(tmp_path):
    show = show_of(tmp_path, seasons=[30, 30])
    script = episodes({3: scene(*["FINCH", "BROOK"] * 20, "Robert"), 5: scene("BROOK", "Robert")})
    script["S02E01"] = scene("BROOK", *["Robert", "BROOK"] * 2)
    found = by_episode(table_of(show, script), "Robert")
    assert found["S01E03"] == "Robert (S01E03)"  # Finch speaks there too
    assert found["S01E05"] == "Robert Finch"
    assert found["S02E01"] == "Robert (S02E01)"  # Finch speaks nowhere in that season


def test_a_title_that_is_seldom_used_for_its_bearer_is_a_role(tmp_path):
    script = episodes({3: scene(*["FINCH", "BROOK"] * 9), 5: scene("BROOK", "Captain")})
    table = table_of(show_of(tmp_path), script)
    assert by_episode(table, "Captain") == {"S01E05": "Captain (S01E05)"}
    mostly = episodes({3: scene(*["Captain", "BROOK"] * 9), 5: scene("BROOK", "FINCH")})
    assert by_episode(table_of(show_of(tmp_path), mostly), "Captain") == {"S01E03": "Robert Finch"}


def test_strangers_are_found_label_by_label():
    labels = collect({"S01E01": scene(*["finch", "brook"] * 9, "robert"), "S01E02": scene("robert")})
    known = {"finch": "Robert Finch", "robert": "Robert Finch", "brook": "Adela Brook"}
    assert strangers(labels, {"robert": "Robert Finch"}, known) == {("robert", "S01E01")}
    assert strangers(labels, {}, known) == frozenset()


def test_guests_asks_the_whole_show():
    labels = collect({f"S01E{n:02d}": scene("john") if n in {1, 9} else scene("brook") for n in range(1, 31)})
    assert guests("john", labels.episodes("john"), labels) == [("S01E01",), ("S01E09",)]
    assert guests("brook", labels.episodes("brook"), labels) == [()]


def test_a_given_name_is_no_role_though_it_is_a_word_too():
    roles = Roles(["they will come, they will go, will they", "so Will came", "a king, a king and a rose, a rose"])
    assert not roles.is_role("will")
    assert not roles.is_role("larry king")
    assert roles.is_role("king")
    assert roles.is_role("rose") is True  # nobody is called so here


def test_one_of_a_people_is_a_role():
    roles = Roles(
        ["that is a Klingon", "a Klingon ship", "he saw a Klingon", "so the Klingons and Kirk came with Kirk"]
    )
    assert roles.is_role("klingon") and roles.is_role("klingons") and roles.is_role("klingon 2")
    assert not roles.is_role("kirk")


def test_every_kind_of_line_is_counted_once(tmp_path):
    show = show_of(tmp_path)
    script = episodes(
        {3: scene("BROOK", *["Wilmot", "BROOK"] * 3, "Quill", "Guard", "BROOK and Guard", "...", "ALL")}, 3
    )
    made = plan(show, collect(script))
    table, _ = utterance_table(show, Transcripts(script), made)
    found = attribution(show, table, made)
    assert found["lines"] == {"cast": 6, "statistics": 3, "local": 3, "role": 1, "nobody": 1}
    total = sum(found["lines"].values())
    assert found["attributed"] == (total - 1) / total
    assert found["named"] == 12 / total
    assert found["canonical_of_named"] == 9 / (total - 1)


def test_without_statistics_a_role_has_a_name_in_its_episode_too(tmp_path):
    show = show_of(tmp_path, speakers="cast")
    table = table_of(show, episodes({2: scene("BROOK", "Guard", "Quill")}, 2))
    assert table["local"].tolist() == ["", "", "Guard (S01E02)", "Quill (S01E02)"]
    assert table["speaker"].dropna().tolist() == ["Adela Brook", "Adela Brook"]
    assert attribution(show, table, None)["lines"] == {"cast": 2, "statistics": 0, "local": 1, "role": 1, "nobody": 0}


def test_a_guest_in_episodes_apart_is_reported_as_a_merge(tmp_path):
    show = show_of(tmp_path)
    script = episodes({3: scene(*["Nechayev", "BROOK"] * 3), 20: scene(*["Nechayev", "BROOK"] * 2)})
    made = plan(show, collect(script))
    table, _ = utterance_table(show, Transcripts(script), made)
    merges = attribution(show, table, made)["merges"]
    assert [(m["label"], m["name"], m["reason"], m["lines"], m["of"]) for m in merges] == [
        ("nechayev", "Nechayev", "recurring", 2, 5)
    ]
    assert merges[0]["example"].startswith("S01E20")


def test_a_slip_of_another_season_is_not_the_guest_whom_the_cast_knows(tmp_path):
    cast = [*CAST, {"name": "Jeannie Steinman", "aliases": ["Jeannie"], "episodes": ["S01E03"]}]
    script = episodes({3: scene(*["Jeannie", "BROOK"] * 9, "Jeanine"), 9: scene("BROOK", "Jeanine")})
    found = by_episode(table_of(show_of(tmp_path, cast=cast), script), "Jeanine")
    assert found == {"S01E03": "Jeanine (S01E03)", "S01E09": "Jeanine (S01E09)"}
    here = episodes({3: scene(*["Jeannie", "BROOK"] * 9, "Jeanine")})
    found = by_episode(table_of(show_of(tmp_path, cast=cast), here), "Jeanine")
    assert found == {"S01E03": "Jeannie Steinman"}
