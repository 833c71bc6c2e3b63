"""Questions that lean on the one before. Everything as of S08E24."""

import pytest

from kg.followups import follow_up, leaning
from kg.graph import Graph
from kg.linking import Linker
from parsing.manifest import Show

TALKS = [  # persona, the user's turns before, the message, the asks as (relation, subject, form, slot)
    ("ross", ["Is your sister married?"], "To whom?", [("spouse", "monica_geller", "wh", "object")]),
    ("ross", ["Do you have any kids?"], "What are their names?", [("parent_of", "ross_geller", "wh", "object")]),
    ("ross", ["Do you have any kids?"], "And Monica?", [("parent_of", "monica_geller", "polar", "object")]),
    ("monica", ["Who is your brother?"], "What about Joey?", [("sibling", "joey_tribbiani", "wh", "object")]),
    ("monica", ["Is Joey married?"], "and you?", [("spouse", "monica_geller", "polar", "object")]),
    (
        "monica",
        ["Are you married?", "And your brother?"],
        "And Joey?",
        [("spouse", "joey_tribbiani", "polar", "object")],
    ),
    ("monica", ["Are you married?"], "Since when?", [("spouse", "monica_geller", "polar", "time")]),
    ("monica", ["Hi!"], "To whom?", []),
    ("monica", ["Are you married?"], "That's great!", []),
    ("monica", ["Are you married?", "Nice weather today."], "To whom?", [("spouse", "monica_geller", "wh", "object")]),
    ("monica", ["Are you married?"], "Who is Joey?", []),
    ("monica", [], "And you?", []),
]
IDS = {"ross": "ross_geller", "monica": "monica_geller"}


@pytest.mark.parametrize(
    ("persona", "before", "message", "expected"), TALKS, ids=[t[2] + str(len(t[1])) for t in TALKS]
)
def test_a_follow_up_takes_over_what_was_asked(
    graph: Graph, show: Show, persona: str, before: list[str], message: str, expected: list
):
    seen = graph.at("S08E24", IDS[persona])
    linker = Linker(seen, show)
    history = [{"role": role, "content": text} for q in before for role, text in (("user", q), ("assistant", "Well."))]
    mentions = linker.link(message, IDS[persona], history)
    asks = follow_up(message, mentions, IDS[persona], seen, linker, history)
    assert [(a.relation, a.subject, a.form, a.asked) for a in asks] == expected


def test_they_are_the_two_who_were_spoken_of(graph: Graph, show: Show):
    seen = graph.at("S08E24", "ross_geller")
    history = [{"role": "assistant", "content": "Monica is married to Chandler."}]
    found = Linker(seen, show).link("Do they have kids?", "ross_geller", history)
    assert [(m.text, m.node) for m in found] == [("they", "chandler_bing"), ("they", "monica_geller")]


def test_they_are_nobody_where_two_have_nothing_to_do_with_each_other(graph: Graph, show: Show):
    history = [{"role": "assistant", "content": "Barry Farber met Ursula."}]
    assert not Linker(graph.at("S08E24"), show).link("Do they have kids?", "ross_geller", history)


def test_a_bare_question_word_leans_on_what_was_said() -> None:
    talk = [
        {"role": "user", "content": "Are you still on the soap?"},
        {"role": "assistant", "content": "I'm off it. They dropped me down a shaft."},
    ]
    assert leaning("But why?", talk) == "But why? Are you still on the soap? you off it. They dropped you down a shaft."
    assert leaning("What?", talk) == "What?"
    assert leaning("But why did they?", talk) == "But why did they?"
    assert leaning("Why?", talk[:1]) == "Why?"
