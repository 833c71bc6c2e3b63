"""From utterances to a graph: a handful of scenes whose facts, dates and knowers can be worked out by hand."""

from pathlib import Path

import pandas as pd
import pytest

from kg.build import build_graph
from kg.extract.mentions import read_lines
from kg.graph import Graph
from kg.types import Fact
from parsing.manifest import Show

ROSS, MONICA, RACHEL, CHANDLER, JOEY = (
    "Ross Geller",
    "Monica Geller",
    "Rachel Green",
    "Chandler Bing",
    "Joey Tribbiani",
)


def row(episode: str, scene: int, n: int, speaker: str, text: str, present: tuple[str, ...] = (), **more) -> dict:
    values = {
        "id": f"{episode}.{scene:02d}.{n:03d}",
        "show": "sitcom",
        "episode": episode,
        "scene": scene,
        "n": n,
        "speaker": speaker,
        "addressees": [],
        "present": list(present or (speaker,)),
        "text": text,
        "directions": [],
        "scene_setting": "",
        "reality": "canon",
    }
    return values | more


def facts(graph: Graph, relation: str) -> list[Fact]:
    return [f for f in graph.stored if f.relation == relation]


def build(show: Show, rows: list[dict]) -> Graph:
    return build_graph(show, pd.DataFrame(rows), processes=1, cache=False)


def test_a_fact_carries_its_line_its_episode_and_who_heard_it(show: Show) -> None:
    here = (MONICA, RACHEL, CHANDLER)
    graph = build(
        show,
        [
            row("S01E03", 1, 1, MONICA, "You remember my brother Ross?", here),
            row("S02E05", 1, 1, MONICA, "My brother Ross is late.", (MONICA, JOEY)),
        ],
    )
    (fact,) = facts(graph, "sibling")
    assert {fact.subject, fact.object} == {"monica_geller", "ross_geller"}
    assert (fact.since, fact.until, fact.revealed) == ("before", None, "S01E03")
    assert fact.evidence == ("S01E03.01.001", "S02E05.01.001")
    assert fact.known_by == {"rachel_green": "S01E03", "chandler_bing": "S01E03", "joey_tribbiani": "S02E05"}
    assert fact.confidence == 0.99  # 1 - 0.1 * 0.1
    assert fact.extractor == "possessive"


@pytest.mark.parametrize("reality", ["imagined", "performance", "flashback"])
def test_what_is_not_the_shows_present_makes_no_fact(show: Show, reality: str) -> None:
    graph = build(show, [row("S01E03", 1, 1, MONICA, "You remember my brother Ross?", reality=reality)])
    assert not graph.stored


def test_a_wording_against_the_cast_s_gender_is_a_joke(show: Show) -> None:
    graph = build(show, [row("S01E03", 1, 1, CHANDLER, "This is my girlfriend Joey.")])
    assert not graph.stored


def test_former_partners_end_with_the_first_word_that_they_are(show: Show) -> None:
    graph = build(
        show,
        [
            row("S01E03", 1, 1, CHANDLER, "This is my girlfriend Janice.", (CHANDLER, "Janice")),
            row("S01E09", 1, 1, CHANDLER, "I saw my ex-girlfriend Janice.", (CHANDLER, "Janice")),
        ],
    )
    (fact,) = facts(graph, "dating")
    assert (fact.since, fact.until) == ("S01E03", "S01E09")


def test_homes_are_read_off_headings_of_three_episodes(show: Show) -> None:
    together = [
        row(f"S01E{n:02d}", 1, 1, JOEY, "Hey.", scene_setting="Scene: Chandler and Joey's, evening.") for n in (1, 2, 3)
    ]
    other = [
        row(f"S01E{n:02d}", 1, 1, MONICA, "Hey.", scene_setting="Scene: Monica and Chandler's apartment.")
        for n in (5, 6, 7)
    ]
    met = row("S01E01", 2, 1, MONICA, "Hey.")  # or she would be new in S01E05, and have lived there before
    graph = build(show, [*together, met, *other])
    spans = {frozenset((f.subject, f.object)): (f.since, f.until) for f in facts(graph, "roommate")}
    assert spans == {
        frozenset(("chandler_bing", "joey_tribbiani")): ("before", "S01E04"),
        frozenset(("chandler_bing", "monica_geller")): ("S01E05", None),
    }
    assert not build(show, together[:2]).stored


def test_mom_is_the_only_relative_who_can_be_meant(show: Show) -> None:
    graph = build(show, [row("S01E02", 1, 1, ROSS, "Mom! Stop it.", (ROSS, "Judy Geller", MONICA, RACHEL))])
    assert not graph.stored  # Monica and Judy are both Gellers and women
    graph = build(show, [row("S01E02", 1, 1, ROSS, "Mom! Stop it.", (ROSS, "Judy Geller", RACHEL))])
    assert [(f.subject, f.object) for f in facts(graph, "parent_of")] == [("judy_geller", "ross_geller")]


def test_a_kiss_in_a_direction_is_an_event_with_its_roles(show: Show) -> None:
    lines = [row("S01E04", 2, 1, ROSS, "Good night.", (ROSS, RACHEL), directions=["They kiss."])]
    graph = build(show, lines)
    (event,) = [n for n in graph.nodes.values() if n.type == "event"]
    assert {(f.relation, f.object) for f in graph.stored} == {
        ("event_kind", "kiss"),
        ("in_episode", "S01E04"),
        ("agent", "ross_geller"),
        ("patient", "rachel_green"),
    }
    assert event.revealed == "S01E04"
    lines[0]["directions"] = ["He goes to kiss her, but she turns away."]
    assert not build(show, lines).stored


def test_vows_make_a_marriage_and_end_the_dating(show: Show) -> None:
    pair = ("Carol Willick", "Susan Bunch")
    graph = build(
        show,
        [
            row("S01E04", 1, 1, pair[0], "This is my girlfriend Susan.", pair),
            row("S01E08", 1, 1, pair[0], "I, Carol, take you, Susan, to be my wife.", pair),
        ],
    )
    (dating,), (spouse,) = facts(graph, "dating"), facts(graph, "spouse")
    assert (dating.since, dating.until) == ("S01E04", "S01E08")
    assert (spouse.since, spouse.until) == ("S01E08", None)


def test_a_personas_job_needs_more_than_one_joker(show: Show) -> None:
    alone = [row(f"S01E{n:02d}", 1, 1, JOEY, "I'm a doctor.") for n in (3, 4)]
    assert not build(show, alone).stored
    other = row("S01E05", 1, 1, ROSS, "Joey is a doctor.", (ROSS, JOEY))
    (job,) = facts(build(show, [*alone, other]), "job")
    assert (job.subject, job.object, job.literal) == ("joey_tribbiani", "doctor", True)


def test_a_ring_of_parents_loses_its_weakest_link(show: Show) -> None:
    graph = build(
        show,
        [
            row("S01E02", 1, 1, ROSS, "This is my father Jack."),
            row("S01E03", 1, 1, ROSS, "You know my father Jack."),
            row("S01E04", 1, 1, "Jack Geller", "Ross is my father."),
        ],
    )
    assert [(f.subject, f.object) for f in facts(graph, "parent_of")] == [("jack_geller", "ross_geller")]


def test_two_builds_write_the_same_bytes(show: Show, tmp_path: Path) -> None:
    rows = [
        row("S01E03", 1, 1, MONICA, "You remember my brother Ross?", (MONICA, RACHEL, CHANDLER)),
        row("S01E03", 1, 2, CHANDLER, "My cousin Cassie lives with Joey.", (MONICA, RACHEL, CHANDLER)),
        row("S01E04", 2, 1, ROSS, "Good night.", (ROSS, RACHEL), directions=["They kiss."]),
    ]
    for name in ("one", "two"):
        build(show, rows).save(tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_nothing_revealed_later_is_in_the_graph_of_a_moment(show: Show) -> None:
    graph = build(
        show,
        [
            row("S01E03", 1, 1, MONICA, "You remember my brother Ross?"),
            row("S02E05", 1, 1, ROSS, "This is my cousin Cassie."),
        ],
    )
    early = graph.at("S01E10")
    assert [f.relation for f in early.stored] == ["sibling"]
    assert "cassie" in graph.nodes
    assert "cassie" not in early.nodes


def test_friends_who_pretend_to_be_a_couple_are_none(show: Show) -> None:
    said = [row(f"S01E{n:02d}", 1, 1, JOEY, "This is my girlfriend Monica.", (JOEY, MONICA)) for n in (5, 16, 17)]
    assert not build(show, said[:2]).stored
    assert len(facts(build(show, said), "dating")) == 1


def test_i_do_makes_a_marriage_and_a_yes_an_engagement(show: Show) -> None:
    pair = ("Carol Willick", "Susan Bunch")
    rows = [
        row("S01E01", 1, 1, pair[0], "Hi.", pair),
        row("S01E05", 1, 1, pair[0], "Susan, will you marry me?", pair, addressees=[pair[1]]),
        row("S01E05", 1, 2, pair[1], "Yes! Yes, I will.", pair, addressees=[pair[0]]),
        row("S01E09", 1, 1, MONICA, "Carol, do you take Susan to be your wife?", (*pair, MONICA)),
        row("S01E09", 1, 2, pair[0], "I do.", (*pair, MONICA)),
    ]
    graph = build(show, rows)
    (engaged,), (spouse,) = facts(graph, "engaged_to"), facts(graph, "spouse")
    assert (engaged.since, engaged.until, spouse.since) == ("S01E05", "S01E09", "S01E09")
    rows[2]["text"], rows[4]["text"] = "No. I can't.", "Wait."
    assert not build(show, rows).stored


def test_in_a_short_series_once_must_do(show: Show) -> None:
    from dataclasses import replace

    said = [row("S01E04", 1, 1, MONICA, "I'm a chef.")]
    assert not facts(build(show, said), "job")  # one joke in ten seasons
    assert [f.object for f in facts(build(replace(show, seasons=(8, 8)), said), "job")] == ["chef"]


def test_a_doubtful_addressee_is_nobody_and_a_table_without_confidence_is_believed():
    rows = [row("S01E01", 1, n, "Monica Geller", "You are late.", addressees=["Ross Geller"]) for n in (1, 2, 3)]
    sure = pd.DataFrame([r | {"addressee_confidence": c} for r, c in zip(rows, (0.69, 0.7, None), strict=True)])
    assert [line.addressees for line in read_lines(sure)] == [(), ("ross_geller",), ("ross_geller",)]
    assert {line.addressees for line in read_lines(pd.DataFrame(rows))} == {("ross_geller",)}
