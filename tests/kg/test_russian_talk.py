"""Russian questions, answers and claims, on a made-up house."""

from pathlib import Path

import pytest

from kg.graph import Graph
from kg.russian.talk import read_russian
from kg.russian.verification import RussianVerifier
from kg.russian.wording import answer_sentence
from kg.types import Fact, Node
from parsing.manifest import CastMember, Show

PAVEL, VERA, ASYA, FEDOR = "павел", "вера", "ася", "федор"
NAMES = {PAVEL: "Павел Ильич Лугин", VERA: "Вера Петровна", ASYA: "Ася", FEDOR: "Федор"}
GENDERS = {PAVEL: "male", VERA: "female", ASYA: "female", FEDOR: "male"}
CAST = tuple(CastMember(NAMES[n], gender=GENDERS[n], persona=n in {PAVEL, ASYA}) for n in NAMES)
SHOW = Show("dom", "Дом", "ru", (2,), CAST, (), Path("/nowhere"))


def ids(name: str) -> str:
    from kg.graph import node_id

    return node_id(NAMES[name])


FACTS = (
    Fact("1", ids(PAVEL), "spouse", ids(VERA), extractor="listed"),
    Fact("2", ids(PAVEL), "parent_of", ids(ASYA), extractor="listed"),
    Fact("3", ids(PAVEL), "sibling", ids(FEDOR), extractor="listed"),
    Fact("4", ids(PAVEL), "age", "42", literal=True),
    Fact("5", ids(FEDOR), "job", "врач", literal=True),
)
GRAPH = Graph(
    "dom", [Node(ids(n), "person", NAMES[n], gender=GENDERS[n]) for n in NAMES], FACTS, main=[ids(PAVEL), ids(ASYA)]
)


def answers(message: str, persona: str, history=()) -> list[tuple[str, str]]:
    reading = read_russian(message, GRAPH, SHOW, ids(persona), history)
    return [
        (b.status, answer_sentence(GRAPH, a, b, ids(persona)))
        for a, b in zip(reading.asks, reading.answers, strict=True)
    ]


@pytest.mark.parametrize(
    ("persona", "message", "status", "sentence"),
    [
        (PAVEL, "Кто твой брат?", "known", "Мой брат — Федор."),
        (PAVEL, "Как зовут вашу жену?", "known", "Моя жена — Вера Петровна."),
        (PAVEL, "Кто муж Веры Петровны?", "known", "Муж Веры Петровны — я."),
        (ASYA, "Кто твой дядя?", "known", "Мой дядя — Федор."),
        (ASYA, "Кто брат твоего отца?", "known", "Брат Лугина — Федор."),
        (ASYA, "Вера Петровна твоя сестра?", "denied", "Вера Петровна мне не сестра."),
        (ASYA, "Ты замужем?", "denied", "Я не замужем."),
        (ASYA, "У тебя есть дети?", "denied", "У меня нет детей."),
        (PAVEL, "Сколько тебе лет?", "known", "Мне 42 года."),
        (ASYA, "Сколько лет твоему отцу?", "known", "Лугину 42 года."),
        (ASYA, "Кто такой Федор?", "known", "Федор — мой дядя, брат Лугина, врач."),
        (ASYA, "Как тебя зовут?", "known", "Меня зовут Ася."),
        (ASYA, "Где ты родилась?", "silent", ""),
        (ASYA, "Как зовут твою собаку?", "silent", ""),
    ],
)
def test_a_question_and_its_answer(persona: str, message: str, status: str, sentence: str) -> None:
    assert (status, sentence) in answers(message, persona)


def test_a_pronoun_means_whom_the_turn_before_named() -> None:
    history = [{"role": "user", "content": "Ты знаешь Федора?"}]
    assert answers("Кто его племянница?", PAVEL, history) == [("known", "Племянница Федора — Ася.")]


@pytest.mark.parametrize("message", ["Здравствуйте!", "Как дела?"])
def test_small_talk_asks_nothing(message: str) -> None:
    assert answers(message, ASYA) == []


@pytest.mark.parametrize(
    ("persona", "reply", "verdicts"),
    [
        (PAVEL, "Мой брат — Федор.", ["supported"]),
        (PAVEL, "Мой брат — Ася.", ["contradicted"]),
        (PAVEL, "Федор мне не брат.", ["contradicted"]),
        (ASYA, "Я не замужем.", ["supported"]),
        (ASYA, "У меня есть муж.", ["contradicted"]),
        (PAVEL, "Мне 30 лет.", ["contradicted"]),
        (ASYA, "Федор — муж Веры Петровны.", ["contradicted"]),
        (PAVEL, "Ах, какой вечер.", []),
        (PAVEL, "Мне писал Михаил.", ["unverifiable"]),  # nobody of that name
    ],
)
def test_claims_are_judged(persona: str, reply: str, verdicts: list[str]) -> None:
    assert [c.verdict for c in RussianVerifier(GRAPH, SHOW).check(reply, ids(persona))] == verdicts
