"""Whatever is typed: no exception, offsets that point into the message, facts that the moment allows."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.answers import resolve
from kg.graph import Graph
from kg.linking import Linker
from kg.questions import understand
from kg.relations import relations
from kg.retrieval import retrieve
from kg.verification import Verifier
from kg.wording import answer_sentence, prompt_line, sentence
from parsing.manifest import Show

MOMENT = "S05E05"
VOCABULARY = (
    "who what when where is are was your you my I Monica Ross's Chandler sister husband ex-wife of the and , ? . ! not",
    "married to dating live with in New York work a chef name do did have any kids he she her his n't 's Emma Zelda",
    "§0 §7 {object} \\ ( [ * + 😀 İ how many old if",
)
WORDS = [word for line in VOCABULARY for word in line.split()]


@pytest.fixture(scope="module")
def tools(graph: Graph, show: Show) -> tuple[Graph, Linker, Verifier]:
    view = graph.at(MOMENT)
    return view, Linker(view, show), Verifier(view, show)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.one_of(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join), st.text(max_size=60)))
def test_any_message_is_read_without_an_exception(tools: tuple[Graph, Linker, Verifier], message: str):
    view, linker, verifier = tools
    persona = "monica_geller"
    mentions = linker.link(message, persona)
    assert all(message[m.start : m.end] == m.text and m.node in view.nodes for m in mentions)
    asks = understand(message, mentions, persona, view)
    for ask in asks:
        answer = resolve(view, ask)
        assert answer_sentence(view, ask, answer, persona)
        assert all(f.revealed <= MOMENT for f in answer.facts)
    found = retrieve(view, mentions, asks, persona)
    assert len(found) <= 8 and all(f.fact.revealed <= MOMENT for f in found)
    assert all(
        c.verdict in {"supported", "contradicted", "unverifiable"} for c in verifier.check(message, persona, asks)
    )


def test_every_fact_has_a_prompt_line_and_sentences(graph: Graph):
    for moment in ("S02E07", "S08E24"):
        view = graph.at(moment)
        for fact in view.facts:
            for persona in ("ross_geller", "joey_tribbiani"):
                assert " | " in prompt_line(view, fact, persona)
                assert {sentence(view, fact, persona, seed)[-1] for seed in range(3)} == {"."}


@pytest.mark.parametrize("name", [r.name for r in relations().values() if not r.event and r.name != "note"])
def test_every_relation_is_worded_for_both_persons_and_all_times(name: str):
    from kg.wording import prompt_line_from

    first = prompt_line_from(name, "", "X", perspective="first")
    third = prompt_line_from(name, "Ann", "X")
    assert first.endswith(" | X") and first.startswith(("my ", "I"))
    assert third.startswith("Ann") and "{" not in first + third
    assert prompt_line_from(name, "Ann", "X", past=True) != third
    assert prompt_line_from(name, "Ann", "X", polarity=False) != third


@pytest.mark.parametrize(
    "message",
    [
        "are you married and " * 1000,
        "do you live in a " + "in a " * 4000,
        "who did " * 2500,
        "is Monica " * 2000,
        "a. " * 6000,
    ],
    ids=["and", "in", "who", "is", "stops"],
)
def test_a_long_message_is_read_in_good_time(tools: tuple[Graph, Linker, Verifier], message: str):
    view, linker, _ = tools
    started = time.perf_counter()
    understand(message, linker.link(message, "ross_geller"), "ross_geller", view)
    assert time.perf_counter() - started < 5
