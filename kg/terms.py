"""Words by which notes and triples are found: lemmas of content words, one for those that mean the same."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from kg.english import english, lemma
from kg.relations import relations

WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
NAME = re.compile(r"(?<![.!?] )\b[A-Z][\w'’.-]+")
_SLOT = re.compile(r"\{\w+\}|\(\?:|[()?|\\]")


@cache
def table() -> Mapping[str, Any]:
    """`recall.toml`."""
    return tomllib.loads(Path(__file__).with_name("recall.toml").read_text(encoding="utf-8"))


@cache
def listed(name: str) -> frozenset[str]:
    """One list of `recall.toml`."""
    return frozenset(table()[name].split())


@cache
def wants(name: str) -> re.Pattern[str]:
    """One expression of `recall.toml`, over lower case."""
    return re.compile(table()[name])


@cache
def _alike() -> Mapping[str, str]:
    """Word -> the first of those that mean the same."""
    return {word: group.split()[0] for group in table()["alike"] for word in group.split()}


def terms(text: str) -> list[str]:
    """The lemmas of a text's content words, one for those that mean the same; names in lower case without "'s"."""
    found = []
    for match in WORD.finditer(text.replace("’", "'")):
        word = re.sub(r"'(?:s|m|re|ve|ll|d)?$", "", match[0])
        low = word.casefold()
        if low in english()["stop"] and low not in listed("numbers"):
            continue
        base = low if word[0].isupper() and match.start() else lemma(low)
        if len(low) > 1 and not {low, base} & listed("empty"):
            found.append(_alike().get(base, base))
    return found


@cache
def spoken_of(relation: str) -> frozenset[str]:
    """The terms by which a relation is spoken of; none for no relation."""
    if relation not in relations():
        return frozenset()
    entry = relations()[relation]
    words = [*entry.label.values(), *entry.plural.values(), *entry.former.values(), *entry.verbs, *entry.former_verbs]
    words += [noun for group in (entry.nouns, entry.agent_nouns) for nouns in group.values() for noun in nouns]
    return frozenset(term for text in words for term in terms(_SLOT.sub(" ", text)))


def named_in(message: str) -> list[str]:
    """Words that are written like names within a sentence, in lower case."""
    words = (m[0].rstrip(".'-").removesuffix("'s") for m in NAME.finditer(message.replace("’", "'")) if m.start())
    return [word.casefold() for word in words if not word.startswith("I'") and word.casefold() not in english()["stop"]]


def telling_run(run: tuple[str, ...]) -> bool:
    """Has a run of words one that is no stop word, and nothing of the two who talk?"""
    stop = english()["stop"]
    return any(w not in stop for w in run) and not {"i", "you", "my", "your"} & set(run)
