"""What the user told of himself is told back in his own words, and nothing else is."""

from collections.abc import Callable
from typing import Any

import pytest

from app.bot import Bot, ChatRequest, Turn

Talk = Callable[..., Bot]
HISTORY = (
    Turn("user", "Hi Ross! I'm Tamsin. I play the ukulele, badly. And you?"),
    Turn("assistant", "I play keyboards."),
    Turn("user", "Nice. By the way, Dr. Geller, my favourite dinosaur is the Iguanodon."),
    Turn("assistant", "A fine choice!"),
    Turn("user", "Is Monica at home?"),
    Turn("assistant", "I don't know."),
)


@pytest.mark.parametrize(
    ("question", "held"),
    [
        ("Which dinosaur do I like best?", "Iguanodon"),
        ("what's my favourite dinosaur again", "Iguanodon"),
        ("Do you remember what I play badly?", "ukulele"),
        ("What did I say about the ukulele?", "ukulele"),
    ],
)
async def test_a_question_about_the_user_is_answered_in_the_users_words(
    talk_to: Talk, question: str, held: str
) -> None:
    reply = await talk_to("Hm.").reply(ChatRequest("friends", "Ross", question, history=HISTORY))
    assert reply.text.startswith("You said, “") and held in reply.text
    assert reply.verdict == "chat" and not reply.facts


@pytest.mark.parametrize("question", ["Who is your sister?", "What did you say about my sister?", "Do I look fat?"])
async def test_other_questions_take_their_own_way(talk_to: Talk, question: str) -> None:
    history: tuple[Any, ...] = () if "fat" in question else HISTORY
    reply = await talk_to("Hm.").reply(ChatRequest("friends", "Ross", question, history=history))
    assert "You said" not in reply.text


async def test_what_names_somebody_of_the_show_is_not_told_back(talk_to: Talk) -> None:
    history = (Turn("user", "I know that Monica marries Chandler."), Turn("assistant", "Hm."))
    reply = await talk_to("Hm.").reply(
        ChatRequest("friends", "Ross", "What did I say about the wedding?", history=history, as_of="S02E01")
    )
    assert "marries" not in reply.text
