"""DialogRE: its files, F1 and the conversational F1c worked out by hand, baselines, the reading of small dialogues."""

import json
from pathlib import Path

import pytest

from evaluation.dialogre import Dialogue, Pair, by_types, f1, f1c, most_frequent, read, score
from evaluation.dialogre_bench import Model, Row, above, inverses
from evaluation.dialogre_features import features, view_of
from evaluation.dialogre_people import FEATURES, fit, identify, matched
from evaluation.dialogre_reading import ALIAS, Extractor, Place, implied, is_title, places_of, table
from kg.extract.mentions import Names
from kg.graph import Graph
from kg.relations import relations
from parsing.errors import BadFile, NotFound
from parsing.manifest import Show

SIBLINGS, FRIENDS = "per:siblings", "per:friends"


def pair(x: str, y: str, gold: dict[str, str], y_type: str = "PER") -> Pair:
    return Pair(x, y, "PER", y_type, gold)


TALK = ("Speaker 1: Hi, Bob.", "Speaker 2: Hello.", "Speaker 1: My sister Nora is here.", "Speaker 2: Good.")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "gold" / "dialogre").mkdir(parents=True)
    rows = [{"x": "Speaker 1", "y": "Nora", "x_type": "PER", "y_type": "PER", "r": [SIBLINGS], "t": ["sister"]}]
    rows.append({"x": "Speaker 2", "y": "Nora", "x_type": "PER", "y_type": "PER", "r": ["unanswerable"], "t": [""]})
    (tmp_path / "gold" / "dialogre" / "dev.json").write_text(json.dumps([[list(TALK), rows]]), encoding="utf-8")
    return tmp_path


def test_the_files_are_read_and_unanswerable_is_no_relation(folder: Path) -> None:
    (dialogue,) = read(folder, "dev")
    assert [p.gold for p in dialogue.pairs] == [{SIBLINGS: "sister"}, {}]
    assert dialogue.spoken()[0] == (("Speaker 1",), "Hi, Bob.")
    assert Dialogue(("Speaker 1, Speaker 2: Hi: you!",), ()).spoken() == [(("Speaker 1", "Speaker 2"), "Hi: you!")]
    with pytest.raises(NotFound, match="CANON_DATA"):
        read(folder, "train")
    (folder / "gold" / "dialogre" / "train.json").write_text('[[["a"], [{}]]]', encoding="utf-8")
    with pytest.raises(BadFile, match="expected"):
        read(folder, "train")


def test_f1_counts_relations_of_all_pairs_together() -> None:
    rows = [(frozenset("ab"), frozenset("a")), (frozenset(), frozenset("c")), (frozenset("d"), frozenset())]
    assert f1(rows) == {"precision": 0.3333, "recall": 0.5, "f1": 0.4}
    assert f1([]) == {"precision": 0.0, "recall": 0.0, "f1": 0.0}


def test_f1c_asks_from_the_turn_on_that_has_both_arguments_and_the_trigger() -> None:
    dialogue = Dialogue(TALK, (pair("Speaker 1", "Nora", {SIBLINGS: "sister"}),))
    never, at_last, at_once = [frozenset()], [frozenset({SIBLINGS})], [frozenset({SIBLINGS})]
    # evaluable after the third and the fourth turn: half of it was said in time
    assert f1c([(dialogue, [never, never, never, at_last])]) == {"precision": 1.0, "recall": 0.5, "f1": 0.6667}
    assert f1c([(dialogue, [at_once] * 4)])["f1"] == 1.0
    # what is wrong counts from the third turn on, as both are known then: 2 right of 4 said
    both = [frozenset({SIBLINGS, FRIENDS})]
    assert f1c([(dialogue, [both] * 4)])["precision"] == 0.5


def test_f1c_of_a_relation_without_a_trigger_counts_at_the_end_alone() -> None:
    dialogue = Dialogue(TALK, (pair("Speaker 1", "Nora", {SIBLINGS: ""}),))
    late = [[frozenset[str]()]] * 3 + [[frozenset({SIBLINGS})]]
    assert f1c([(dialogue, late)])["f1"] == 1.0
    silent = Dialogue(TALK, (pair("Speaker 2", "Nora", {}),))
    assert f1c([(silent, [[frozenset[str]()]] * 4)])["f1"] == 1.0


def test_baselines_and_misses_by_cause() -> None:
    train = [
        Dialogue(
            TALK,
            (pair("Speaker 1", "Nora", {SIBLINGS: ""}), pair("A", "B", {FRIENDS: ""}), pair("A", "C", {FRIENDS: ""})),
        )
    ]
    dev = [Dialogue(TALK, (pair("Speaker 1", "Nora", {SIBLINGS: "sister"}), pair("D", "E", {})))]
    assert most_frequent(train)(dev[0], 4) == [frozenset({FRIENDS})] * 2
    assert by_types(train)(dev[0], 4) == [frozenset({SIBLINGS}), frozenset({FRIENDS})]
    missed = score(dev, most_frequent(train))["missed"]
    assert missed == {
        "a trigger is marked": 1, "all": 1, "another relation was said": 1, "both in one turn": 1,
        "something was said of the pair turned round": 0,
    }  # fmt: skip


def test_every_relation_of_the_table_is_one_of_ours() -> None:
    assert set(table()) <= set(relations())
    assert inverses()["per:children"] == "per:parents"
    assert inverses()[SIBLINGS] == SIBLINGS


def test_a_dialogue_is_read_with_its_speakers_hidden(show: Show) -> None:
    asked = (
        pair("Speaker 2", "Bob", {}), pair("Speaker 1", "Nora", {}), pair("Nora", "Speaker 1", {}),
        pair("Speaker 2", "Nora", {}),
    )  # fmt: skip
    dialogue = Dialogue(TALK, asked)
    reader = Extractor(show, [dialogue])
    assert reader(dialogue, 4) == [{ALIAS}, {SIBLINGS}, {SIBLINGS}, set()]
    assert reader(dialogue, 2)[1] == set()
    assert reader.taken_for(dialogue, 4) == {"Speaker 2": "bob_ray"}


def test_with_speakers_named_the_graph_says_what_holds_in_the_episode(show: Show, graph: Graph) -> None:
    dialogue = Dialogue(("Speaker 1: Fine.", "Speaker 2: Good."), (pair("Speaker 1", "Speaker 2", {}),))
    who = {"Speaker 1": "ann_lee", "Speaker 2": "bob_ray"}
    said = [Extractor(show, [dialogue], graph, [Place(e, who)])(dialogue, 2) for e in ("S01E02", "S02E02")]
    assert said == [[set()], [{"per:spouse"}]]
    assert Extractor(show, [dialogue], graph)(dialogue, 2) == [set()]


def test_places_are_taken_where_they_are_sure(folder: Path, show: Show) -> None:
    rows = [{"scene": "s01_e02_c03", "confidence": c, "speakers": {"Speaker 1": "Ann Lee"}} for c in ("high", "low")]
    file = folder / "gold" / "dialogre" / "dialogre_to_friends_map.json"
    with pytest.raises(NotFound):
        places_of(folder, "dev", show)
    file.write_text(json.dumps({"dev": rows}), encoding="utf-8")
    assert places_of(folder, "dev", show) == [Place("S01E02", {"Speaker 1": "ann_lee"}), None]


def test_what_follows_and_what_is_a_title() -> None:
    said = {("a", "parent_of", "b"), ("b", "parent_of", "c")}
    assert ("c", "grandchild_of", "a") in implied(said)
    assert is_title("Dr.")
    assert is_title("Doctor")
    assert not is_title("Ross")


def test_one_name_is_one_speaker_and_who_says_it_does_not_bear_it(show: Show, nlp) -> None:
    names = Names(show)
    turns = [(("S1",), "Bob, look!"), (("S2",), "Yes?"), (("S1",), "I mean you, Bob.")]
    found = identify([who for who, _ in turns], [nlp(text) for _, text in turns], names)
    assert found == {"S2": "bob_ray"}
    assert matched({("S1", "bob"): 2.0, ("S2", "bob"): 1.0, ("S2", "ann"): 0.5}, 0.0) == {"S1": "bob", "S2": "ann"}
    scenes = [([("bob_ray",), ("ann_lee",)], [nlp("Ann, look!"), nlp("What?")])] * 4
    fitted = fit(scenes, scenes, names)
    assert set(fitted["weights"]) == set(FEATURES)
    assert fitted["f1_held_out"] == 1.0


def test_features_mark_the_arguments_and_who_speaks() -> None:
    dialogue = Dialogue(TALK, (pair("Speaker 1", "Nora", {}),))
    view = view_of(dialogue, 3, {"Speaker 1": "ann_lee"}, [frozenset({SIBLINGS})], [frozenset()])
    found = features(view, dialogue.pairs[0], 0)
    assert "types SPEAKER PER" in found
    assert "x before y sister" in found
    assert f"ours {SIBLINGS}" in found
    assert "x is ann_lee" in found
    assert not any("good" in f for f in found)  # said in the fourth turn


def test_the_bench_learns_a_relation_and_asks_both_ways_round() -> None:
    import numpy as np

    rng = np.random.default_rng(1)
    rows = [
        Row([f"w{i % 2}"], rng.normal(size=7).astype("float32"), frozenset({SIBLINGS} if i % 2 else {FRIENDS}))
        for i in range(40)
    ]
    model = Model(rows)
    chances = model.chances(rows[:2], (pair("a", "b", {}), pair("c", "d", {})))
    assert above(chances, 0.5) == [{FRIENDS}, {SIBLINGS}]
    turned = model.chances(rows[:2], (pair("a", "b", {}), pair("b", "a", {})))
    assert turned[0][SIBLINGS] == pytest.approx((chances[0][SIBLINGS] + chances[1][SIBLINGS]) / 2)
