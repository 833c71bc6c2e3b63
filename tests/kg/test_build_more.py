"""What many lines say together: headings, titles, families, couples; and ways that can be left out."""

import dataclasses

import pandas as pd
import pytest
from test_build import CHANDLER, JOEY, MONICA, RACHEL, ROSS, build, facts, row

from kg import couples, pipeline
from kg.build import assemble, build_graph
from kg.couples import FEATURES, by_pair, features, pooled_evidence
from kg.extract.mentions import Names, read_lines
from kg.extract.signals import signs
from kg.graph import Graph
from kg.reading import read_show
from kg.store import save_graph
from kg.ways import WAYS, way_of
from parsing.manifest import Show

JACK, JUDY, MIKE, PHOEBE = "Jack Geller", "Judy Geller", "Mike Hannigan", "Phoebe Buffay"


def triples(graph: Graph, relation: str) -> set[tuple[str, str]]:
    return {(f.subject, f.object) for f in facts(graph, relation)}


def test_a_heading_names_the_home_of_one_and_of_two_in_three_episodes(show: Show) -> None:
    homes = [row(f"S02E0{n}", 1, 1, JOEY, "Hey.", scene_setting="Scene: Chandler and Joey's.") for n in (1, 2, 3)]
    homes += [row("S03E01", 1, 1, MIKE, "Hello?", scene_setting="Scene: Mike's apartment, he is on the phone.")]
    homes += [row("S03E01", 2, 1, RACHEL, "Hey.", scene_setting="Scene: Monica and Rachel's.")]
    graph = build(show, homes)
    names = {(f.subject, graph.name(f.object)) for f in facts(graph, "lives_in")}
    pair = {("joey_tribbiani", "Chandler and Joey's apartment"), ("chandler_bing", "Chandler and Joey's apartment")}
    assert names == pair | {("mike_hannigan", "Mike's apartment")}
    assert triples(graph, "roommate") == {("chandler_bing", "joey_tribbiani")}


def test_who_speaks_under_the_name_of_a_place_has_been_there_but_not_on_the_phone(show: Show) -> None:
    talk = [row("S04E01", 1, n, ROSS, "My boss lives in London.") for n in (1, 2, 3)]
    there = [row("S04E02", 1, 1, JOEY, "Hey.", scene_setting="Scene: A park in London, Joey and Chandler walk.")]
    there += [row("S04E02", 1, 2, MONICA, "Hey.", scene_setting="Scene: A park in London, Joey and Chandler walk.")]
    called = [row("S04E02", 2, 1, RACHEL, "Hi.", scene_setting="London.", directions=["on the phone"])]
    assert triples(build(show, [*talk, *there, *called]), "visited") == {("joey_tribbiani", "london")}


def test_a_heading_says_where_and_for_whom_somebody_works(show: Show) -> None:
    graph = build(
        show,
        [
            row("S01E05", 1, 1, MONICA, "Hey.", scene_setting="Scene: Iridium, Monica is working as Joey enters."),
            row("S01E05", 2, 1, CHANDLER, "Sir.", scene_setting="Scene: The office, Chandler and his boss, Mr. Dell."),
            row("S01E05", 3, 1, ROSS, "Hm.", scene_setting="Scene: Joey's, Ross is working on his list."),
        ],
    )  # fmt: skip
    assert triples(graph, "works_at") == {("monica_geller", "iridium")}
    assert triples(graph, "boss_of") == {("mr_dell", "chandler_bing")}


def test_an_aunt_by_title_is_the_callers_and_its_brothers_and_no_child_is_one(show: Show) -> None:
    graph = build(
        show,
        [
            row("S01E03", 1, 1, MONICA, "You remember my brother Ross?"),
            row("S01E08", 1, 1, ROSS, "I have to call Aunt Sheryl."),
            row("S01E08", 1, 2, ROSS, "Say hi to Aunt Monica, Ben."),
            row("S01E08", 1, 3, JOEY, "Is that your Aunt Edna?"),
        ],
    )
    assert triples(graph, "uncle_aunt_of") == {("aunt_sheryl", "ross_geller"), ("aunt_sheryl", "monica_geller")}
    (implied,) = [f for f in facts(graph, "uncle_aunt_of") if f.object == "monica_geller"]
    assert (implied.extractor, implied.revealed) == ("family", "S01E08")
    assert implied.evidence == ("S01E03.01.001", "S01E08.01.001")


def test_mother_and_father_of_one_surname_are_a_couple_and_a_sister_has_the_same_parents(show: Show) -> None:
    graph = build(
        show,
        [
            row("S01E02", 1, 1, MONICA, "My mother's name is Judy."),
            row("S01E02", 1, 2, MONICA, "My father's name is Jack."),
            row("S01E04", 1, 1, MONICA, "You remember my brother Ross?"),
        ],
    )
    assert triples(graph, "spouse") == {("jack_geller", "judy_geller")}
    assert ("judy_geller", "ross_geller") in triples(graph, "parent_of")


def test_half_brothers_do_not_share_parents(show: Show) -> None:
    rows = [row("S01E02", 1, 1, MONICA, "My mother's name is Judy.")]
    graph = build(show, [*rows, row("S01E04", 1, 1, MONICA, "You remember my half-brother Ross?")])
    assert triples(graph, "parent_of") == {("judy_geller", "monica_geller")}


def test_a_daughter_spoken_of_beside_her_name(show: Show) -> None:
    there = row("S09E01", 2, 1, MONICA, "Look!", (MONICA, "Emma Geller-Green"))
    told = [row("S09E01", 1, 1, MONICA, "Who is Emma?"), row("S09E01", 1, 2, ROSS, "I told you about my daughter.")]
    assert triples(build(show, [*told, there]), "parent_of") == {("ross_geller", "emma_geller_green")}
    other = [row("S09E01", 1, 1, MONICA, "Who is Janice?"), row("S09E01", 1, 2, ROSS, "I told you about my daughter.")]
    assert not facts(build(show, other), "parent_of")


COURTING = [
    row("S09E05", 1, 1, PHOEBE, "I'm going out with Mike.", (PHOEBE, MIKE), directions=["kisses Mike"]),
    row("S09E06", 1, 1, PHOEBE, "Mike, I love you.", (PHOEBE, MIKE), addressees=[MIKE], directions=["kisses Mike"]),
    row("S09E06", 2, 1, MIKE, "I have a date with Phoebe.", (MIKE, PHOEBE), directions=["They kiss."]),
    row("S09E07", 1, 1, MIKE, "Will I break up with Phoebe?", (MIKE, PHOEBE), addressees=[PHOEBE]),
]  # fmt: skip


def test_signs_of_a_couple_are_counted_by_pair_and_kind(show: Show) -> None:
    lines, names = read_lines(pd.DataFrame(COURTING)), Names(show)
    pairs = by_pair(signs(lines, names))
    assert list(pairs) == [("mike_hannigan", "phoebe_buffay")]
    kinds = {s.kind for s in pairs[("mike_hannigan", "phoebe_buffay")]}
    assert kinds >= {"kiss", "out", "love", "date", "parting", "alone"}
    values = features(pairs[("mike_hannigan", "phoebe_buffay")], ("mike_hannigan", "phoebe_buffay"), names.genders, ())
    assert len(values) == len(FEATURES)
    assert values[FEATURES.index("mixed")] == 1.0 and values[FEATURES.index("family")] == 0.0


def test_pooled_signs_make_a_couple_and_relatives_and_two_personas_none(show: Show) -> None:
    lines, names = read_lines(pd.DataFrame(COURTING)), Names(show)
    found = list(signs(lines, names))
    said = {(e.statement.subject, e.statement.relation) for e in pooled_evidence(found, names.genders, (), ())}
    assert said == {("mike_hannigan", "dating")}
    pair = frozenset(("mike_hannigan", "phoebe_buffay"))
    assert not pooled_evidence(found, names.genders, (), [pair])
    assert not pooled_evidence(found, names.genders, pair, ())


def test_one_kiss_makes_no_couple(show: Show) -> None:
    alone = [row(f"S09E0{n}", 1, 1, PHOEBE, "Hi.", (PHOEBE, MIKE), addressees=[MIKE]) for n in range(1, 9)]
    alone.append(row("S09E09", 1, 1, MIKE, "Hi.", (PHOEBE, MIKE)))
    alone[0]["directions"] = ["kisses Mike"]
    names = Names(show)
    found = list(signs(read_lines(pd.DataFrame(alone)), names))
    assert {s.kind for s in found} == {"kiss", "alone"}
    assert not pooled_evidence(found, names.genders, (), ())
    alone[3]["directions"] = alone[5]["directions"] = ["kisses Mike"]
    assert pooled_evidence(signs(read_lines(pd.DataFrame(alone)), names), names.genders, (), ())


def test_the_weights_are_those_of_the_features() -> None:
    weights, _, threshold = couples.model()
    assert len(weights) == len(FEATURES) and 0.5 < threshold < 1.0


def test_a_way_left_out_takes_its_facts_along(show: Show) -> None:
    rows = [
        row("S01E03", 1, 1, MONICA, "You remember my brother Ross?"),
        row("S01E08", 1, 1, ROSS, "I have to call Aunt Sheryl."),
    ]
    material = read_show(show, pd.DataFrame(rows), pipeline.DEFAULT, 1, False)
    assert {f.relation for f in assemble(material)[0].stored} == {"sibling", "uncle_aunt_of"}
    assert {f.relation for f in assemble(material, without=("titles",))[0].stored} == {"sibling"}
    assert {f.relation for f in assemble(material, without=("patterns",))[0].stored} == {"uncle_aunt_of"}


@pytest.mark.parametrize(
    ("rule", "way"),
    [
        ("possessive", "patterns"),
        ("possessive+you", "addressee"),
        ("told+pronoun", "coreference"),
        ("home", "headings"),
    ],
)
def test_a_rule_belongs_to_a_way(rule: str, way: str) -> None:
    assert way_of(rule) == way and way in WAYS


def test_two_builds_of_the_same_lines_are_the_same_bytes(show: Show, tmp_path) -> None:
    rows = [*COURTING, row("S01E03", 1, 1, MONICA, "You remember my brother Ross? I love museums.")]
    for name, order in (("one", rows), ("two", [dict(reversed(r.items())) for r in rows])):
        table = pd.DataFrame(order)
        save_graph(
            build_graph(dataclasses.replace(show), table, processes=1, cache=False), tmp_path / f"{name}.json.gz"
        )
    assert (tmp_path / "one.json.gz").read_bytes() == (tmp_path / "two.json.gz").read_bytes()


@pytest.mark.parametrize(
    ("directions", "present", "kissed"),
    [
        (["kisses her"], (ROSS, RACHEL), {("ross_geller", "rachel_green")}),
        (["kisses her"], (ROSS, RACHEL, MONICA), set()),  # of two women
        (["to Monica", "kisses her"], (ROSS, RACHEL, MONICA), {("ross_geller", "monica_geller")}),
        (["kisses her", "to Monica"], (ROSS, RACHEL, MONICA), set()),
    ],
)
def test_whom_a_pronoun_kisses(show: Show, directions: list[str], present: tuple[str, ...], kissed: set) -> None:
    rows = [row("S02E01", 1, 1, ROSS, "Hi.", present, addressees=[RACHEL], directions=directions)]
    graph = build(show, rows)
    events = [n.id for n in graph.nodes.values() if n.type == "event"]
    ends = {r: {f.object for f in facts(graph, r)} for r in ("agent", "patient")}
    assert {(a, p) for a in ends["agent"] for p in ends["patient"]} == kissed
    assert len(events) == len(kissed)


def test_a_friend_named_once_among_those_we_know_is_a_courtesy(show: Show) -> None:
    once = [row("S03E01", 1, 1, RACHEL, "This is my friend Will.", (RACHEL, "Will Colbert"))]
    assert not facts(build(show, once), "friend")
    twice = [*once, row("S03E05", 1, 1, RACHEL, "You know my friend Will Colbert.", (RACHEL, "Will Colbert"))]
    assert triples(build(show, twice), "friend") == {("rachel_green", "will_colbert")}
