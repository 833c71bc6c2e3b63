"""The engine that runs our weights: seeds, adapters, cancellation, limits."""

import asyncio
import json
import shutil
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from app.engines import EngineRequest, Settings
from app.engines.local import LocalEngine
from parsing.errors import BadFile, BadInput, NotFound, Unavailable
from training.models import seal

ASK = ({"role": "user", "content": "How are you?"},)


@pytest_asyncio.fixture
async def engine(models: Path) -> AsyncIterator[LocalEngine]:
    local = LocalEngine(models, threads=1)
    yield local
    await local.close()


def request(**more: object) -> EngineRequest:
    fields = {"model": "friends/ross", "messages": ASK, "n": 3, "settings": Settings(max_tokens=8), "seed": 5}
    return EngineRequest(**(fields | more))  # type: ignore[arg-type]


async def test_the_same_seed_gives_the_same_candidates_and_another_one_others(engine: LocalEngine) -> None:
    first = await engine.generate(request())
    assert len(first) == 3
    assert await engine.generate(request()) == first
    assert [c.text for c in await engine.generate(request(seed=6))] != [c.text for c in first]


async def test_a_candidate_counts_its_tokens_and_says_how_likely_it_is(engine: LocalEngine) -> None:
    for candidate in await engine.generate(request()):
        assert 1 <= candidate.tokens <= 8
        assert candidate.logprob is not None and candidate.logprob < 0
        assert candidate.finished is (candidate.tokens < 8) or candidate.tokens == 8
        assert candidate.prompt_tokens == engine.count("How are you?") + 3  # <|user|> … <|end|><|assistant|>


async def test_an_adapter_changes_the_persona_and_no_other(engine: LocalEngine) -> None:
    ross = await engine.generate(request())
    joey = await engine.generate(request(model="friends/joey"))
    assert [c.logprob for c in joey] != [c.logprob for c in ross]
    assert await engine.generate(request()) == ross  # the base is as before, with an adapter loaded


async def test_greedy_gives_one_candidate_whatever_the_seed(engine: LocalEngine) -> None:
    greedy = Settings(temperature=0.0, max_tokens=8)
    first = await engine.generate(request(settings=greedy))
    assert len(first) == 1
    assert await engine.generate(request(settings=greedy, seed=99)) == first


async def test_cancelling_stops_the_generation_and_frees_the_worker(engine: LocalEngine) -> None:
    await engine.generate(request())  # loaded
    task = asyncio.create_task(engine.generate(request(settings=Settings(max_tokens=200), n=8)))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    started = time.perf_counter()
    await engine.generate(request(n=1, settings=Settings(max_tokens=1)))
    assert time.perf_counter() - started < 0.5


async def test_a_full_queue_refuses_instead_of_growing(models: Path) -> None:
    engine = LocalEngine(models, waiting=1, threads=1)
    first = asyncio.create_task(engine.generate(request()))
    await asyncio.sleep(0)
    with pytest.raises(Unavailable, match="waiting"):
        await engine.generate(request())
    await first
    await engine.close()


async def test_a_prompt_longer_than_the_model_holds_is_refused(engine: LocalEngine) -> None:
    long = ({"role": "user", "content": "eat " * 300},)
    with pytest.raises(BadInput, match="holds 256"):
        await engine.generate(request(messages=long))


async def test_a_missing_model_is_one_clear_error(tmp_path: Path) -> None:
    engine = LocalEngine(tmp_path)
    with pytest.raises(NotFound, match="no model in"):
        await engine.generate(request())
    await engine.close()


async def test_a_closed_engine_answers_no_more(models: Path) -> None:
    engine = LocalEngine(models)
    await engine.close()
    with pytest.raises(Unavailable, match="closed"):
        await engine.generate(request())


@pytest.mark.parametrize("bad", [{"temperature": 3.0}, {"top_p": 0.0}, {"max_tokens": 0}])
def test_settings_out_of_range_are_refused(bad: dict[str, float]) -> None:
    with pytest.raises(BadInput, match=next(iter(bad))):
        Settings().changed(**bad)


async def test_a_text_is_weighed_as_it_would_have_been_written(engine: LocalEngine) -> None:
    (greedy,) = await engine.generate(request(settings=Settings(temperature=0.0, repetition_penalty=1.0, max_tokens=6)))
    mine, other = await engine.weigh("friends/ross", ASK, [greedy.text, "eat a sandwich"])
    assert mine > other
    alone = await engine.weigh("friends/ross", ASK, [greedy.text])
    assert alone[0] == pytest.approx(mine, abs=1e-4)  # padding changes nothing


async def test_a_damaged_base_and_a_foreign_adapter_are_refused(models: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(models, broken)
    (broken / "base" / "tokenizer.json").write_text("{}")
    engine = LocalEngine(broken)
    with pytest.raises(BadFile, match=r"tokenizer\.json is damaged"):
        await engine.generate(request())
    await engine.close()
    foreign = tmp_path / "foreign"
    shutil.copytree(models, foreign)
    seal(foreign / "friends" / "joey", "0" * 64)
    engine = LocalEngine(foreign)
    assert await engine.generate(request())
    with pytest.raises(BadFile, match="trained on another base"):
        await engine.generate(request(model="friends/joey"))
    await engine.close()


async def test_another_base_speaks_without_the_adapters_of_ours(
    models: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from transformers import AutoModelForCausalLM

    other = tmp_path / "other"
    shutil.copytree(models / "base", other)
    model = AutoModelForCausalLM.from_pretrained(other)
    model.lm_head.weight.data *= 1.5
    model.save_pretrained(other)
    engine = LocalEngine(models, base=str(other))
    assert await engine.generate(request(model="friends/joey")) == await engine.generate(request())
    assert "friends/joey: its adapter was trained on another base" in capsys.readouterr().err
    await engine.close()


def test_the_model_says_how_it_is_best_sampled(models: Path, tmp_path: Path) -> None:
    shutil.copytree(models / "base", tmp_path / "base")
    path = tmp_path / "base" / "generation_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"temperature": 0.5, "top_p": 0.8}))
    assert LocalEngine(tmp_path).settings == Settings(temperature=0.5, top_p=0.8)
    assert LocalEngine(tmp_path / "nowhere").settings == Settings()
