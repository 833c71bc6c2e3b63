"""What looks like a fact and isn't: namesakes, costumes, teasing, slips of the tongue, courtesy titles, thoughts."""

import pytest
from test_build import CHANDLER, JOEY, MONICA, RACHEL, ROSS, build, facts, row

from parsing.manifest import Show


def test_a_friend_who_is_nowhere_in_the_episode_is_another_of_the_name(show: Show) -> None:
    said = [row("S03E03", n, 1, CHANDLER, "You remember my friend Will Colbert.") for n in (1, 3)]
    assert not facts(build(show, said), "friend")
    there = row("S03E03", 2, 1, "Will Colbert", "Hello.")
    (fact,) = facts(build(show, [*said, there]), "friend")
    assert {fact.subject, fact.object} == {"chandler_bing", "will_colbert"}


@pytest.mark.parametrize(("about", "jobs"), [("costume", 0), ("sandwich", 1)])
def test_jobs_of_a_costume_party_are_costumes(show: Show, about: str, jobs: int) -> None:
    talk = [row("S02E06", 1, n, MONICA, f"What a nice {about}.") for n in range(1, 6)]
    graph = build(show, [*talk, row("S02E06", 2, 1, "Janice", "Actually I'm just a nurse.", ("Janice", ROSS))])
    assert len(facts(graph, "job")) == jobs


@pytest.mark.parametrize(("answer", "events"), [("Yes!", 1), ("That's not funny.", 0)])
def test_a_proposal_counts_once_it_is_answered(show: Show, answer: str, events: int) -> None:
    here = (ROSS, RACHEL)
    graph = build(
        show,
        [
            row("S05E03", 1, 1, ROSS, "Will you marry me?", here, addressees=[RACHEL]),
            row("S05E03", 1, 2, RACHEL, answer, here, addressees=[ROSS]),
        ],
    )
    assert sum(f.object == "proposal" for f in facts(graph, "event_kind")) == events


def test_a_marriage_begins_after_the_slip_of_the_tongue(show: Show) -> None:
    graph = build(
        show,
        [
            row("S01E05", 1, 1, MONICA, "Hi.", (MONICA, CHANDLER)),
            row("S05E02", 1, 1, MONICA, "This is my husband Chandler. I mean my friend!", (MONICA, CHANDLER)),
            row("S07E01", 1, 1, MONICA, "This is my husband Chandler.", (MONICA, CHANDLER)),
            row("S07E02", 1, 1, MONICA, "This is my husband Chandler.", (MONICA, JOEY)),
        ],
    )
    (fact,) = facts(graph, "spouse")
    assert (fact.revealed, fact.evidence) == ("S07E01", ("S07E01.01.001", "S07E02.01.001"))


def test_you_in_a_thought_is_nobody_in_the_scene(show: Show) -> None:
    thought = {"addressees": [RACHEL], "directions": ["thinking"]}
    text = "She's just your friend Janice."
    here = (JOEY, RACHEL, "Janice")
    assert not facts(build(show, [row("S02E03", n, 1, JOEY, text, here, **thought) for n in (1, 2)]), "friend")
    spoken = thought | {"directions": ["smiling"]}
    assert len(facts(build(show, [row("S02E03", n, 1, JOEY, text, here, **spoken) for n in (1, 2)]), "friend")) == 1


@pytest.mark.parametrize(("text", "events"), [("I broke up with Janice.", 1), ("I have break up with Janice.", 0)])
def test_a_break_up_is_told_in_the_past(show: Show, text: str, events: int) -> None:
    graph = build(show, [row("S03E03", 1, 1, CHANDLER, text, (CHANDLER, JOEY))])
    assert len(facts(graph, "event_kind")) == events


@pytest.mark.parametrize(("answer", "ages"), [("Joey, you are not! You're 31.", 0), ("You don't look it.", 1)])
def test_an_age_that_the_next_line_rejects_is_none(show: Show, answer: str, ages: int) -> None:
    here = (JOEY, RACHEL)
    said = [row("S07E01", n, 1, JOEY, "I'm 30!", here) for n in (1, 2)]
    answers = [row("S07E01", n, 2, RACHEL, answer, here) for n in (1, 2)]
    graph = build(show, sorted([*said, *answers], key=lambda r: r["id"]))
    assert len(facts(graph, "age")) == ages


@pytest.mark.parametrize(("text", "events"), [("I got fired.", 1), ("Then I get fired off the show.", 0)])
def test_a_story_told_in_the_present_is_old(show: Show, text: str, events: int) -> None:
    graph = build(show, [row("S06E22", 1, 1, JOEY, text, (JOEY, ROSS))])
    assert len(facts(graph, "event_kind")) == events


def test_my_friend_in_a_quotation_is_another_s(show: Show) -> None:
    here = (ROSS, "Susan Bunch", JOEY)
    quoted = row("S04E18", 1, 1, ROSS, 'All I heard was: "My friend Susan is so smart."', here)
    assert not build(show, [quoted]).stored
    said = {"text": "My friend Susan is so smart."}
    again = row("S04E18", 2, 1, ROSS, said["text"], here)
    assert len(facts(build(show, [quoted | said, again]), "friend")) == 1
