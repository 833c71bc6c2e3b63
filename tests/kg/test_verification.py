"""Claims read off replies, and their verdicts, as of S08E24."""

import pytest

from kg.graph import Graph
from kg.linking import Linker
from kg.questions import understand
from kg.types import Ask
from kg.verification import Verifier
from parsing.manifest import Show

PEOPLE = {
    "ross": "ross_geller",
    "monica": "monica_geller",
    "rachel": "rachel_green",
    "joey": "joey_tribbiani",
    "chandler": "chandler_bing",
}

# speaker | question | reply | verdicts of the claims, in order (s, c, u), `-` for no claim
REPLIES = """
ross     | Who is your sister?    | My sister is Monica.                                | s
ross     | Who is your sister?    | Monica.                                             | s
ross     | Who is your sister?    | Monica, of course!                                  | s
ross     | Who is your sister?    | Rachel.                                             | c
ross     | Who is your sister?    | Jessica.                                            | c
ross     | Who is your sister?    | I don't have a sister.                              | c
ross     | Who is your sister?    | I don't know.                                       | -
ross     | Who is your sister?    | Nobody.                                             | c
ross     |                        | I have a sister, Monica.                            | s
ross     |                        | I have one sister.                                  | ss
ross     |                        | I have two sisters.                                 | sc
ross     |                        | I don't have any brothers.                          | s
ross     |                        | Rachel is my sister.                                | c
ross     |                        | Monica isn't my sister.                             | c
ross     |                        | My mother is Judy, and my father is Jack.           | ss
ross     |                        | My mother is Janice.                                | c
ross     |                        | I have no kids.                                     | c
ross     |                        | I used to be married to Carol.                      | s
ross     |                        | I'm married to Carol.                               | c
ross     |                        | Carol was my wife.                                  | s
ross     |                        | I was never married.                                | c
ross     |                        | I work at the museum.                               | s
ross     |                        | I work at Ralph Lauren.                             | c
ross     |                        | I live in New York.                                 | s
ross     |                        | I live in London.                                   | u
ross     |                        | I'm Monica.                                         | c
ross     |                        | I'm allergic to kiwi.                               | s
monica   | Who is your husband?   | Chandler.                                           | s
monica   | Who is your husband?   | I'm not married.                                    | c
monica   | Are you married?       | Yes.                                                | s
monica   | Are you married?       | Yes, I am!                                          | s
monica   | Are you married?       | No.                                                 | c
monica   | Are you married?       | No, no, no. Not me.                                 | c
joey     | Are you married?       | No, I'm not married.                                | s
joey     | Are you married?       | Yeah.                                               | c
joey     | Are you married?       | Well, I don't know.                                 | -
monica   |                        | I'm married to Chandler.                            | s
monica   |                        | I'm married to Richard.                             | c
monica   |                        | I'm not married to Ross.                            | s
monica   |                        | I'm single.                                         | c
monica   |                        | My brother Ross is a paleontologist.                | ss
monica   |                        | My brother Joey is funny.                           | c
monica   | What do you do?        | I'm a chef.                                         | s
monica   | What do you do?        | A chef.                                             | s
monica   | What do you do?        | I'm a doctor.                                       | c
monica   | How old are you?       | 26.                                                 | s
monica   |                        | I'm 26 years old.                                   | s
monica   |                        | I'm thirty-two.                                     | c
joey     |                        | Monica is Ross's sister, and she is a chef.         | ss
joey     |                        | Monica and Chandler are married.                    | s
joey     |                        | Ross and Rachel are married.                        | c
joey     |                        | Ross's wife is Rachel.                              | c
joey     |                        | My wife hates pizza.                                | c
joey     |                        | I love sandwiches!                                  | s
joey     |                        | Ross kissed Rachel.                                 | s
joey     |                        | My name is Joey.                                    | s
joey     |                        | I wish I was married to Monica.                     | -
joey     |                        | If I were a doctor, I would be rich.                | -
joey     |                        | Maybe I'm a doctor.                                 | -
joey     |                        | Are you married to Chandler?                        | -
joey     |                        | How you doin'?                                      | -
joey     |                        | I could be a doctor.                                | -
joey     |                        | I have, I have lots of sandwiches.                  | -
joey     |                        | I'll marry Janice.                                  | -
joey     |                        | Monica is one of my best friends.                   | -
rachel   |                        | You had no right to come down to my office Ross.    | -
monica   |                        | That's Ross, my brother.                            | s
monica   |                        | That's Joey, my brother.                            | c
ross     |                        | Ask my sister and her husband Chandler.             | s
joey     |                        | I think Monica is a chef.                           | s
joey     |                        | Let me tell you about Zelda.                        | u
joey     |                        | Hey! It's good to see you.                          | -
rachel   |                        | I used to be a waitress.                            | s
rachel   |                        | I'm a waitress.                                     | c
chandler |                        | Monica's my wife.                                   | s
chandler |                        | I'm Monica's husband.                               | s
chandler |                        | Monica is my sister.                                | c
chandler |                        | I don't have a wife.                                | c
"""
CASES = [tuple(part.strip() for part in line.split("|")) for line in REPLIES.strip().splitlines()]
LETTER = {"supported": "s", "contradicted": "c", "unverifiable": "u"}


@pytest.fixture(scope="module")
def late(graph: Graph) -> Graph:
    return graph.at("S08E24")


@pytest.fixture(scope="module")
def verifier(late: Graph, show: Show) -> Verifier:
    return Verifier(late, show)


@pytest.mark.parametrize("case", CASES, ids=[c[2][:45] for c in CASES])
def test_a_reply_is_judged(case: tuple[str, ...], late: Graph, show: Show, verifier: Verifier):
    speaker, question, reply, verdicts = case
    persona = PEOPLE[speaker]
    mentions = Linker(late, show).link(question, persona)
    asks = understand(question, mentions, persona, late) if question else ()
    claims = verifier.check(reply, persona, asks)
    assert "".join(LETTER[c.verdict] for c in claims) == verdicts.strip("-"), claims


def test_a_claim_names_what_contradicts_it(verifier: Verifier):
    (claim,) = verifier.check("I'm married to Joey.", "monica_geller")
    assert (claim.subject, claim.relation, claim.object) == ("Monica Geller", "spouse", "Joey Tribbiani")
    assert claim.verdict == "contradicted"
    assert [f.object for f in claim.facts] == ["chandler_bing"]


def test_a_fact_revealed_later_does_not_support_a_claim(graph: Graph, show: Show):
    early = Verifier(graph, show)
    (claim,) = early.check("I'm married to Chandler.", "monica_geller", as_of="S07E23")
    assert claim.verdict == "contradicted"
    (claim,) = early.check("I'm married to Chandler.", "monica_geller", as_of="S07E24")
    assert claim.verdict == "supported"


def test_a_name_not_yet_revealed_is_unknown(graph: Graph, show: Show):
    (claim,) = Verifier(graph.at("S08E23"), show).check("You should see Emma.", "rachel_green")
    assert (claim.object, claim.verdict) == ("Emma", "unverifiable")
    assert Verifier(graph.at("S08E24"), show).check("You should see Emma.", "rachel_green") == ()


def test_yes_answers_the_object_that_was_asked_for(verifier: Verifier):
    ask = Ask("sibling", "joey_tribbiani", "monica_geller", form="polar")
    (claim,) = verifier.check("Yes!", "joey_tribbiani", (ask,))
    assert (claim.object, claim.verdict) == ("Monica Geller", "contradicted")


@pytest.mark.parametrize("reply", ["", "   ", "😂😂", "?" * 50, "My sister is " * 300, "a" * 100_000])
def test_odd_replies_are_judged_without_a_word(reply: str, verifier: Verifier):
    assert all(c.verdict != "supported" for c in verifier.check(reply, "ross_geller"))


def test_the_extractor_s_matcher_adds_what_clauses_do_not_cover(late: Graph, show: Show):
    from kg.pipeline import load_pipeline

    (claim,) = Verifier(late, show, load_pipeline(show)).check(
        "Ross, the paleontologist, is my brother.", "monica_geller"
    )
    assert (claim.relation, claim.object, claim.verdict) == ("sibling", "Ross Geller", "supported")


def test_what_a_character_does_not_know_of_another_is_no_denial(graph: Graph, show: Show):
    stranger = Verifier(graph.at("S08E24", "phoebe_buffay"), show)
    (claim,) = stranger.check("Rachel doesn't have any kids.", "phoebe_buffay")
    assert claim.verdict == "unverifiable"
    (claim,) = stranger.check("I don't have any kids.", "phoebe_buffay")
    assert claim.verdict == "supported"
