"""Acts of small talk, and the lines a persona has for each."""

import pytest

from app.bot import Bot, ChatRequest, Turn
from app.engines.scripted import ScriptedEngine
from app.smalltalk import act_of, acts
from app.voices import load_voices, unsaid
from parsing.errors import BadManifest
from parsing.manifest import load_show


@pytest.mark.parametrize(
    ("message", "act"),
    [
        ("Hi Joey!", "greeting"),
        ("good morning", "greeting"),
        ("How are you?", "how_are_you"),
        ("Do you want to grab a coffee?", "invitation"),
        ("I had a terrible day at work.", "sad"),
        ("My boss hates me", "work"),
        ("I'm so hungry right now", "hungry"),
        ("Tell me a joke", "joke"),
        ("lol", "laugh"),
        ("ok thanks bye", "thanks"),
        ("Merry Christmas!", "wishes"),
        ("You're so funny", "compliment"),
        ("I hate you", "insult"),
        ("What do you think about marriage?", "opinion"),
        ("The train leaves at nine.", ""),
    ],
)
def test_an_act_is_read_off_the_words(message: str, act: str):
    assert act_of(message) == act


def test_every_persona_of_friends_has_lines_of_its_own_for_every_act():
    voices = load_voices(load_show("friends"))
    every = {act.name for act in acts()}
    assert all(set(voice.says) == every for voice in voices.values())
    lines = [line for voice in voices.values() for said in voice.says.values() for line in said]
    assert len(lines) == len(set(lines))


def test_an_unknown_act_in_voices_is_named(tmp_path):
    show = load_show("harbor_lights")
    slug = show.personas[0].slug
    (tmp_path / "voices.toml").write_text(f'[{slug}.says]\ngreting = ["Hi."]\n', encoding="utf-8")
    with pytest.raises(BadManifest, match="unknown key 'greting', did you mean 'greeting'"):
        load_voices(type(show)(**{**vars(show), "folder": tmp_path}))


class _Brief(ScriptedEngine):
    brief = True


async def _asked(engine: ScriptedEngine, *said: str) -> tuple[str, str]:
    history = tuple(Turn("assistant", text) for text in said)
    request = ChatRequest("harbor_lights", load_show("harbor_lights").personas[0].slug, "Good morning!", history)
    reply = await Bot([load_show("harbor_lights")], engine).reply(request)
    return reply.text, reply.way


async def test_a_poor_talker_leaves_small_talk_to_the_written_lines_while_there_are_new_ones():
    text, way = await _asked(_Brief(["Hey, you."]))
    assert way == "phrase"
    lines = next(iter(load_voices(load_show("harbor_lights")).values())).says["greeting"]
    assert text in lines
    assert (await _asked(_Brief(["Hey, you."]), *lines))[1] == "chat"


async def test_an_engine_that_can_chat_does_so_itself():
    assert await _asked(ScriptedEngine(["Hey, you."])) == ("Hey, you.", "chat")


def test_lines_said_before_are_left_out():
    assert unsaid(("One.", "Two."), ["Well. One."]) == ("Two.",)
