"""A two-layer model on disk, small enough to be made in a second, and a small story with a bot over it."""

import contextlib
import json
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from asking import Client, Talk, ready
from chromium import ARGUMENTS, CHROMIUM, WAIT
from serving import served

from app.bot import Bot
from app.engines.scripted import ScriptedEngine
from app.service import create_app
from kg.graph import Graph
from kg.types import Alias, Fact, Node
from parsing.manifest import load_show

TEMPLATE = "{% for m in messages %}<|{{ m['role'] }}|>{{ m['content'] }}<|end|>{% endfor %}<|assistant|>"


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models folder: `base/` and one adapter, `friends/joey/`, that differs from the base."""
    import torch
    from peft import LoraConfig, get_peft_model
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    from training.models import seal, sha256

    folder = tmp_path_factory.mktemp("models")
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = ["<pad>", "<|end|>", "<|system|>", "<|user|>", "<|assistant|>"]
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=special,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(["How are you doing today? I am hungry, let us eat a sandwich."] * 20, trainer)
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="<pad>", eos_token="<|end|>")
    fast.chat_template = TEMPLATE
    fast.save_pretrained(folder / "base")
    torch.manual_seed(1)
    config = LlamaConfig(
        vocab_size=len(fast), hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2,
        max_position_embeddings=256, pad_token_id=0, eos_token_id=1, bos_token_id=1,
    )  # fmt: skip
    LlamaForCausalLM(config).save_pretrained(folder / "base")
    tuned = get_peft_model(
        LlamaForCausalLM.from_pretrained(folder / "base"),
        LoraConfig(r=2, target_modules=["q_proj", "v_proj"], init_lora_weights=False, task_type="CAUSAL_LM"),
    )
    tuned.save_pretrained(str(folder / "friends" / "joey"))
    seal(folder / "base")
    seal(folder / "friends" / "joey", sha256(folder / "base" / "model.safetensors"))
    return folder


def person(node_id: str, name: str, gender: str, revealed: str = "S01E01") -> Node:
    """A person who is called by the first name too."""
    return Node(node_id, "person", name, (Alias(name.partition(" ")[0], revealed),), gender, revealed)


def fact(subject: str, relation: str, object_: str, **more: object) -> Fact:
    """A fact with an id of its own."""
    return Fact(f"{subject}-{relation}-{object_}", subject, relation, object_, **more)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def story() -> Graph:
    """Monica and Ross are siblings; she marries Chandler in S07E24; he was married to Emily and has two children."""
    people = [
        person("monica_geller", "Monica Geller", "female"),
        person("ross_geller", "Ross Geller", "male"),
        person("chandler_bing", "Chandler Bing", "male"),
        person("joey_tribbiani", "Joey Tribbiani", "male"),
        person("rachel_green", "Rachel Green", "female"),
        person("ben_geller", "Ben Geller", "male"),
        person("emily_waltham", "Emily Waltham", "female", "S04E14"),
        person("emma_geller", "Emma Geller", "female", "S08E24"),
    ]
    facts = [
        fact("monica_geller", "sibling", "ross_geller"),
        fact("monica_geller", "job", "chef", literal=True),
        fact("joey_tribbiani", "job", "actor", literal=True),
        fact("monica_geller", "spouse", "chandler_bing", since="S07E24", revealed="S07E24"),
        fact("ross_geller", "spouse", "emily_waltham", since="S04E24", until="S05E10", revealed="S04E24"),
        fact("ross_geller", "parent_of", "ben_geller"),
        fact("ross_geller", "parent_of", "emma_geller", since="S08E24", revealed="S08E24"),
        # Ross learns of the secret later than the viewer
        fact(
            "chandler_bing", "dating", "monica_geller", since="S04E24", until="S07E24", revealed="S04E24",
            known_by={"joey_tribbiani": "S05E05", "ross_geller": "S05E14"},
        ),
    ]  # fmt: skip
    return Graph("friends", people, facts, main=["monica_geller", "ross_geller", "joey_tribbiani", "rachel_green"])


@pytest.fixture
def talk_to(story: Graph) -> Callable[..., Bot]:
    """A bot over the story whose engine says the given lines."""

    def make(*lines: str, graph: Graph = story, seconds: float = 0.0) -> Bot:
        engine = ScriptedEngine(lines or ["Hey there, nice to see you."], seconds)
        return Bot([load_show("friends")], engine, graphs={"friends": graph})

    return make


@pytest.fixture(scope="module")  # while it is there, no other event loop can run in this thread
def browser() -> Iterator[Any]:
    """Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield chromium
        chromium.close()


@pytest.fixture
def opened(browser: Any, talk_to: Callable[..., Bot], story: Graph) -> Iterator[Callable[..., Any]]:
    """Opens the page over a bot that says the given lines; afterwards the console must be clean."""
    from app.service import create_app

    told: list[str] = []
    marked = [
        replace(f, evidence=("S01E02.01.003",), extractor="curated") if f.relation == "job" else f for f in story.stored
    ]
    graph = Graph("friends", story.nodes.values(), marked, main=story.main)
    with contextlib.ExitStack() as stack:

        def open_(*lines: str, seconds: float = 0.0, **context: Any) -> Any:
            address = stack.enter_context(served(create_app(talk_to(*lines, graph=graph, seconds=seconds))))
            window = stack.enter_context(
                browser.new_context(**({"viewport": {"width": 1200, "height": 800}} | context))
            )
            page = window.new_page()
            page.address = address
            page.set_default_timeout(WAIT)
            page.on("console", lambda m: told.append(m.text) if m.type in {"error", "warning"} else None)
            page.on("pageerror", lambda e: told.append(str(e)))
            page.bodies = []
            page.on("request", lambda r: page.bodies.append(json.loads(r.post_data)) if r.post_data else None)
            page.outside = []
            page.on("request", lambda r: page.outside.append(r.url) if not r.url.startswith(address) else None)
            page.goto(address)
            page.locator(".question:not([disabled])").first.wait_for()
            return page

        yield open_
    expected = [t for t in told if "status of 4" not in t and "status of 5" not in t]
    assert expected == []  # no CSP violation, no exception


@pytest_asyncio.fixture
async def client(talk_to: Talk) -> AsyncIterator[Client]:
    app = create_app(talk_to("Oh, Monica is my sister."))
    async with app.test_app():
        yield await ready(app)
