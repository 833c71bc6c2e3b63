"""Made-up grounded conversations."""

import random

from training.grounded import KINDS, Person, World, examples, make
from training.measure import right


def test_same_seed_gives_the_same_conversations() -> None:
    assert list(examples(5, 40)) == list(examples(5, 40))
    assert list(examples(5, 40)) != list(examples(6, 40))


def test_the_answer_stands_in_the_facts_and_in_the_reply() -> None:
    for talk in examples(1, 300, kind="fact"):
        assert any(talk.answer.casefold() in line.casefold() for line in talk.facts), talk
        assert talk.answer.casefold() in talk.reply.casefold(), talk


def test_an_absent_fact_is_answered_by_an_abstention_that_names_nobody_of_the_prompt() -> None:
    for talk in examples(2, 200, kind="absent"):
        assert talk.answer == ""
        assert right(talk, talk.reply), talk


def test_a_false_premise_is_denied_and_the_true_name_said() -> None:
    for talk in examples(3, 100, kind="false"):
        assert talk.reply.startswith("No, ")
        assert talk.answer in talk.reply


def test_number_of_distractors_is_what_was_asked_for() -> None:
    talk = make(random.Random(4), "fact", distractors=5)
    assert len(talk.facts) == 6


def test_a_named_persona_speaks_of_itself() -> None:
    joey = Person("Joey Tribbiani", "male")
    assert {talk.persona for talk in examples(7, 50, persona=joey)} == {joey}


def test_unseen_names_are_made_of_syllables_only() -> None:
    world = World(random.Random(8), unseen=True)
    from training.grounded import wordings

    listed = {n for names in ("female", "male") for n in wordings()["names"][names]}
    assert not listed & {p.first for p in world.people}


def test_every_kind_is_made() -> None:
    assert {talk.kind for talk in examples(9, 200)} == set(KINDS)
