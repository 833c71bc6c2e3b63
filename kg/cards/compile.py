"""A character card from graph and persona: what it is, how it talks, what it knows, up to an episode."""

from collections.abc import Sequence
from typing import Any

from kg.cards.lorebook import BUDGET, life, lorebook, told
from kg.cards.persona import Sheet
from kg.cards.tokens import fitting, tokens
from kg.graph import Graph
from kg.types import Fact
from kg.wording import sentence
from parsing.errors import BadInput

LEAST = 150  # tokens; a smaller budget leaves no room for anything
_ASKED = {  # what the example talk asks for, where the graph has it
    "spouse": "Are you married?",
    "sibling": "Do you have brothers or sisters?",
    "job": "What do you do for a living?",
    "lives_in": "Where do you live?",
    "roommate": "Who do you live with?",
    "child_of": "Who are your parents?",
    "friend": "Who are your friends?",
}
_EXAMPLES = 3
_GREETINGS = 4


def card(graph: Graph, title: str, sheet: Sheet, budget: int = BUDGET) -> dict[str, Any]:
    """The card in the form of V3, without dates, so that equal graphs give equal cards.

    `graph` is stripped to the episode and, unless the card is to know what a viewer knows, to the persona; `title` is
    the show's. Description, personality, scenario and examples together take no more than `budget` tokens (as
    `kg.cards.tokens` estimates them); the lorebook may bring in the same again.
    Raises `BadInput` for a budget too small.
    """
    if budget < LEAST:
        raise BadInput(f"--budget {budget} is too small: a card needs {LEAST} tokens or more")
    scenario = _scenario(graph, title)
    left = budget - tokens(sheet.notes) - tokens(scenario)
    examples = _examples(graph, sheet, left // 2)
    left -= tokens(examples)
    lines = fitting(told(graph, life(graph, sheet.node)), max(left, 0))
    return {
        "spec": "chara_card_v3",
        "spec_version": "3.0",
        "data": {
            "name": sheet.name,
            "nickname": sheet.nickname,
            "description": " ".join(lines),
            "personality": sheet.notes,
            "scenario": scenario,
            "first_mes": sheet.greetings[0],
            "mes_example": examples,
            "creator_notes": _creator_notes(graph, title, sheet),
            "system_prompt": "{{original}}\n{{char}} says only what the description and the lorebook say; of anything "
            "else {{char}} says that {{char}} doesn't know.",
            "post_history_instructions": "",
            "alternate_greetings": list(sheet.greetings[1:_GREETINGS]),
            "group_only_greetings": [],
            "tags": [title, f"up to {graph.as_of}" if graph.as_of else "whole series"],
            "creator": "Canon",
            "character_version": graph.as_of or "1",
            "assets": [{"type": "icon", "uri": "ccdefault:", "name": "main", "ext": "png"}],
            "character_book": lorebook(graph, title, sheet.node, budget, lines),
            "extensions": {
                "canon": {
                    "show": graph.show,
                    "persona": sheet.node,
                    "as_of": graph.as_of,
                    "knower": graph.knower,
                    "facts": len(graph.stored),
                    "colour": sheet.colour,
                }
            },
        },
    }


def _scenario(graph: Graph, title: str) -> str:
    moment = f" It is the time of {graph.as_of}; {{{{char}}}} knows nothing of what comes later." if graph.as_of else ""
    return f"{{{{user}}}} chats with {{{{char}}}} of {title}.{moment}"


def _creator_notes(graph: Graph, title: str, sheet: Sheet) -> str:
    whose = f"what {sheet.nickname} knows" if graph.knower else "what a viewer knows"
    until = f"up to {graph.as_of}, included" if graph.as_of else "to the end of the series"
    return (
        f"{sheet.name} of {title}, {whose} {until}. Every sentence was worded by Canon from facts of its graph, each "
        "of which has its episode; nothing is quoted from the show."
    )


def _examples(graph: Graph, sheet: Sheet, budget: int) -> str:
    """A few questions with the answers that the graph gives, in the persona's words, and one that it can't answer."""
    talks: list[tuple[str, str]] = []
    for relation, question in _ASKED.items():
        facts = [f for f in graph.holding(sheet.node, relation) if f.object]
        if facts and len(talks) < _EXAMPLES:
            talks.append((question, _answer(graph, sheet, facts, len(talks))))
    talks.append(("What will you be doing in ten years?", sheet.abstain[0]))
    blocks = (f"<START>\n{{{{user}}}}: {asked}\n{{{{char}}}}: {said}" for asked, said in talks)
    return "\n".join(fitting(blocks, budget))


def _answer(graph: Graph, sheet: Sheet, facts: Sequence[Fact], seed: int) -> str:
    opener = sheet.affirm[seed % len(sheet.affirm)]
    said = sentence(graph, facts[0], sheet.node)
    if facts[0].relation == "spouse":
        opener = "Yes."
    return f"{opener} {said}".strip()
