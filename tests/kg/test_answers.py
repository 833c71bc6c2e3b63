"""What the graph says to a question, as of an episode: known, denied, a false premise, or nothing."""

import pytest
from sitcom import FACTS, MAIN, fact, make_nodes

from kg.answers import resolve
from kg.graph import Graph
from kg.linking import Linker
from kg.questions import understand
from kg.retrieval import retrieve
from kg.types import Answer, Ask, Fact
from kg.wording import answer_sentence, prompt_line
from parsing.manifest import Show

ANSWERS = """
ross_geller    | S01E01 | Who is your sister?                  | known: monica_geller
ross_geller    | S01E01 | Who is your mother?                  | silent
ross_geller    | S01E02 | Who is your mother?                  | known: judy_geller
ross_geller    | S03E01 | Who was your wife before Rachel?     | known: carol_willick
ross_geller    | S03E01 | Where did you work before Rachel?    | silent
ross_geller    | S01E02 | Is Jack your father?                 | known: jack_geller
ross_geller    | S01E02 | Is Chandler your father?             | denied: jack_geller
ross_geller    | S08E24 | Who is your brother?                 | denied: monica_geller
ross_geller    | S08E24 | Do you have a brother?               | denied: monica_geller
ross_geller    | S01E22 | Do you have any kids?                | denied
ross_geller    | S01E23 | Do you have any kids?                | known: ben_geller
ross_geller    | S08E24 | Do you have a daughter?              | known: emma
ross_geller    | S08E23 | Do you have a daughter?              | denied: ben_geller
ross_geller    | S08E23 | Is Emma your daughter?               | denied: ben_geller
rachel_green   | S08E23 | Is Emma your daughter?               | denied
rachel_green   | S08E24 | Is Emma your daughter?               | known: emma
monica_geller  | S02E05 | Who is your husband?                 | denied
monica_geller  | S02E05 | Are you married?                     | denied
monica_geller  | S07E23 | Are you married to Chandler?         | denied
monica_geller  | S07E24 | Are you married to Chandler?         | known: chandler_bing
monica_geller  | S07E24 | Are you married to Ross?             | denied: ross_geller
monica_geller  | S07E24 | Are you married to Joey?             | denied: chandler_bing
monica_geller  | S07E24 | Are you dating Chandler?             | known: chandler_bing
monica_geller  | S07E24 | Who is your boyfriend?               | known: chandler_bing
monica_geller  | S05E20 | Who is your boyfriend?               | known: chandler_bing
monica_geller  | S07E23 | When did you marry Chandler?         | false_premise
monica_geller  | S07E24 | When did you marry Chandler?         | known: chandler_bing
monica_geller  | S08E24 | How is your husband Ross?            | false_premise: ross_geller
joey_tribbiani | S08E24 | How's your wife?                     | false_premise
joey_tribbiani | S08E24 | Is Monica your sister?               | denied: ross_geller
joey_tribbiani | S08E24 | Is Chandler your brother?            | denied: chandler_bing
joey_tribbiani | S08E24 | Do you have a sister?                | silent
joey_tribbiani | S01E01 | Are you a doctor?                    | denied: actor
joey_tribbiani | S01E01 | Are you an actor?                    | known: actor
joey_tribbiani | S08E24 | Who is Ross's ex-wife?               | known: carol_willick
joey_tribbiani | S08E24 | Who did Ross marry?                  | known: carol_willick
joey_tribbiani | S08E24 | Is Ross married to Carol?            | denied: carol_willick
joey_tribbiani | S08E24 | Is Carol Ross's wife?                | denied: carol_willick
joey_tribbiani | S08E24 | Is Monica Ross's brother?            | denied: monica_geller
joey_tribbiani | S08E24 | Is Monica married to Zelda?          | denied: chandler_bing
ross_geller    | S08E24 | Are you divorced?                    | known: carol_willick
ross_geller    | S08E24 | Have you ever been married?          | known: carol_willick
ross_geller    | S08E24 | When did you get divorced?           | known: carol_willick
chandler_bing  | S08E24 | When did you get divorced?           | false_premise: monica_geller
joey_tribbiani | S08E24 | When did you get divorced?           | false_premise
chandler_bing  | S08E24 | Who is your mother-in-law?           | known: judy_geller
monica_geller  | S08E24 | Who is your nephew?                  | known: ben_geller
rachel_green   | S03E09 | Are you a waitress?                  | known: waitress
rachel_green   | S03E10 | Are you a waitress?                  | denied: waitress
rachel_green   | S03E10 | Were you a waitress?                 | known: waitress
rachel_green   | S05E17 | Do you work at Central Perk?         | denied: ralph_lauren
rachel_green   | S05E16 | Where do you work?                   | silent
rachel_green   | S08E24 | Who were you engaged to?             | known: barry_farber
rachel_green   | S08E24 | Are you engaged?                     | denied: barry_farber
ross_geller    | S02E06 | Did you kiss Rachel?                 | silent
ross_geller    | S02E07 | Did you kiss Rachel?                 | known
rachel_green   | S08E24 | When did you break up with Ross?     | known
monica_geller  | S08E24 | When did you divorce Chandler?       | false_premise: chandler_bing
phoebe_buffay  | S08E24 | Who is your twin sister?             | known: ursula_buffay
monica_geller  | S01E16 | How old are you?                     | silent
monica_geller  | S01E17 | How old are you?                     | known: 26
chandler_bing  | S04E03 | What is your full name?              | known: Chandler Bing
chandler_bing  | S04E04 | What is your full name?              | known: Chandler Muriel Bing
chandler_bing  | S04E03 | What is your middle name?            | silent
chandler_bing  | S04E04 | What is your middle name?            | known: Chandler Muriel Bing
joey_tribbiani | S08E24 | What is your last name?              | known: Joey Tribbiani
joey_tribbiani | S08E24 | What is your mother's blood type?    | silent
joey_tribbiani | S08E24 | Where do you live?                   | silent
phoebe_buffay  | S08E24 | Do you have a twin?                  | known: ursula_buffay
ross_geller    | S08E24 | Do you have a twin?                  | denied
joey_tribbiani | S08E24 | How is your twin sister Ursula?      | false_premise
ross_geller    | S08E24 | How many kids do you have?           | known: ben_geller
ross_geller    | S08E24 | What happened to Rachel?             | known
ross_geller    | S02E06 | What happened to Rachel?             | silent
"""
CASES = [tuple(part.strip() for part in line.split("|")) for line in ANSWERS.strip().splitlines()]


def answered(message: str, persona: str, graph: Graph, show: Show) -> tuple[Ask, Answer]:
    mentions = Linker(graph, show).link(message, persona)
    asks = understand(message, mentions, persona, graph)
    if not asks:
        return Ask("", persona), Answer("silent")
    return asks[0], resolve(graph, asks[0])


@pytest.mark.parametrize("case", CASES, ids=[f"{c[1]} {c[2][:40]}" for c in CASES])
def test_the_graph_answers_as_of_the_episode(case: tuple[str, ...], graph: Graph, show: Show):
    persona, as_of, message, wanted = case
    _, answer = answered(message, persona, graph.at(as_of), show)
    status, _, shown = wanted.partition(": ")
    assert answer.status == status, answer
    if shown:
        first = answer.facts[0]
        assert shown in {first.object, first.subject} - {persona}


SENTENCES = [
    ("ross_geller", "S08E24", "Who is your sister?", "My sister is Monica."),
    ("monica_geller", "S08E24", "Who is your husband?", "I'm married to Chandler."),
    ("monica_geller", "S02E05", "Are you married?", "No, I'm not married."),
    ("monica_geller", "S02E05", "Who is your husband?", "I'm not married."),
    ("monica_geller", "S08E24", "What do you do for a living?", "I'm a chef."),
    ("joey_tribbiani", "S08E24", "What do you do for a living?", "I'm an actor."),
    ("joey_tribbiani", "S08E24", "Who is Ross's ex-wife?", "Ross was married to Carol."),
    ("joey_tribbiani", "S08E24", "Is Monica your sister?", "No, Monica isn't my sister. Monica's brother is Ross."),
    ("ross_geller", "S08E24", "Who are your children?", "My children are Ben and Emma."),
    ("ross_geller", "S08E24", "Do you have any kids?", "Yes, my children are Ben and Emma."),
    ("chandler_bing", "S08E24", "Who is your ex-wife?", "I'm married to Monica."),
    ("ross_geller", "S08E24", "Did you have a pet?", "Yes, I used to have a pet, Marcel."),
    ("ross_geller", "S08E24", "Who did you kiss?", "I kissed Rachel."),
    ("rachel_green", "S08E24", "What was your first job?", "I don't know."),
    ("ross_geller", "S08E24", "Who was your first wife?", "I was married to Carol."),
    ("ross_geller", "S08E24", "Who was your second wife?", "I don't know."),
    ("ross_geller", "S08E24", "How many kids do you have?", "I have two children: Ben and Emma."),
    ("joey_tribbiani", "S08E24", "How many children does Rachel have?", "Rachel has one child: Emma."),
    ("ross_geller", "S08E24", "How many times have you been married?", "I've been married once: to Carol."),
    ("rachel_green", "S08E24", "What happened to Ross?", "I broke up with Ross."),
]


@pytest.mark.parametrize("case", SENTENCES, ids=[s[3] for s in SENTENCES])
def test_an_answer_is_said_in_the_persona_s_person(case: tuple[str, ...], graph: Graph, show: Show):
    persona, as_of, message, sentence = case
    view = graph.at(as_of)
    ask, answer = answered(message, persona, view, show)
    assert answer_sentence(view, ask, answer, persona) == sentence


@pytest.mark.parametrize(
    ("knower", "hedged", "status"), [("monica_geller", False, "denied"), ("joey_tribbiani", True, "denied")]
)
def test_of_others_one_only_knows_what_one_was_told(knower: str, hedged: bool, status: str, graph: Graph, show: Show):
    view = graph.at("S02E05", knower)
    _, answer = answered("Is Monica married?", knower, view, show)
    assert (answer.status, answer.hedged) == (status, hedged)


def test_what_is_on_the_way_is_no_false_premise(show: Show):
    engaged = fact("monica_geller", "engaged_to", "chandler_bing", since="S06E25", until="S07E24", revealed="S06E25")
    graph = Graph("sitcom", make_nodes(), [*FACTS, engaged], main=MAIN)
    assert answered("How is your wedding?", "monica_geller", graph.at("S07E01"), show)[1].status == "silent"
    assert answered("How is your wedding?", "monica_geller", graph.at("S06E01"), show)[1].status == "false_premise"


def test_somebody_known_of_old_is_told_with_what_they_are_now(graph: Graph, show: Show):
    view = graph.at("S02E11", "ross_geller")
    _, answer = answered("Who is Carol?", "ross_geller", view, show)
    assert [f.object for f in answer.facts] == ["carol_willick", "susan_bunch"]


def lines(message: str, persona: str, graph: Graph, show: Show) -> list[str]:
    mentions = Linker(graph, show).link(message, persona)
    asks = understand(message, mentions, persona, graph)
    return [prompt_line(graph, r.fact, persona) for r in retrieve(graph, mentions, asks, persona)]


def test_the_fact_that_answers_comes_first(graph: Graph, show: Show):
    late = graph.at("S08E24")
    assert lines("Who is your sister?", "ross_geller", late, show)[0] == "my sister | Monica Geller"
    assert lines("What does your sister do?", "ross_geller", late, show)[0] == "Monica Geller's job | chef"
    assert lines("Who is your ex-wife?", "ross_geller", late, show)[0] == "my ex-wife | Carol Willick"
    assert lines("Who did you kiss?", "ross_geller", late, show)[0] == "I kissed Rachel | S02E07"


def test_a_two_hop_question_brings_both_facts(graph: Graph, show: Show):
    found = lines("Who is your sister's husband?", "ross_geller", graph.at("S08E24"), show)
    assert {"Monica Geller's husband | Chandler Bing", "my sister | Monica Geller"} <= set(found)


def test_small_talk_gets_no_facts(graph: Graph, show: Show):
    for message in ("Hey Joey!", "How are you doing?", "😂", "What's up?"):
        assert lines(message, "joey_tribbiani", graph.at("S08E24"), show) == []


def test_a_boyfriend_who_became_the_husband_is_no_ex(graph: Graph, show: Show):
    found = lines("Who is your husband?", "monica_geller", graph.at("S08E24"), show)
    assert "my husband | Chandler Bing" in found
    assert not any("ex-boyfriend" in line for line in found)


def test_the_limit_holds_and_no_fact_comes_twice(graph: Graph, show: Show):
    late = graph.at("S08E24")
    mentions = Linker(late, show).link("Tell me about Monica and Ross and Chandler", "joey_tribbiani")
    found = retrieve(late, mentions, (), "joey_tribbiani", limit=5)
    assert len(found) == 5
    assert len({prompt_line(late, r.fact, "joey_tribbiani") for r in found}) == 5
    assert all(r.why for r in found)


def test_several_facts_are_one_sentence_in_the_relation_s_own_words():
    from sitcom import lit, make_nodes

    jobs = [lit("ross_geller", "job", "professor"), lit("ross_geller", "job", "actor", since="S01E02")]
    view = Graph("x", make_nodes(), jobs).at("S02E01")
    ask = Ask("job", "ross_geller")
    assert answer_sentence(view, ask, resolve(view, ask), "ross_geller") == "I'm an actor and a professor."
    assert answer_sentence(view, ask, resolve(view, ask), "joey_tribbiani") == "Ross is an actor and a professor."


def test_former_wives_are_all_named():
    from sitcom import fact, make_nodes

    wed = {"since": "S01E01", "until": "S01E05"}
    again = {"since": "S02E01", "until": "S02E05"}
    facts = [fact("ross_geller", "spouse", "carol_willick", **wed), fact("ross_geller", "spouse", "janice", **again)]
    view = Graph("x", make_nodes(), facts).at("S03E01")
    ask = Ask("spouse", "ross_geller", gender="female", past=True)
    said = answer_sentence(view, ask, resolve(view, ask), "ross_geller")
    assert said in {"I was married to Carol and Janice.", "I was married to Janice and Carol."}


def test_a_pet_that_is_known_to_be_another_s_is_not_yours(graph: Graph):
    answer = resolve(graph, Ask("has_pet", "joey_tribbiani", "marcel", form="presupposed"), "S01E12")
    assert answer.status == "false_premise" and {f.subject for f in answer.facts} == {"ross_geller"}


def test_who_is_a_head_chef_need_not_say_that_she_is_a_chef(show: Show) -> None:
    head = Fact("h", "monica_geller", "job", "head chef", True, revealed="S04E09", since="S04E09", extractor="curated")
    graph = Graph("friends", make_nodes(), [*FACTS, head], main=MAIN).at("S05E01")
    ask = Ask("job", "monica_geller")
    assert "a chef" not in answer_sentence(graph, ask, resolve(graph, ask), "monica_geller")
