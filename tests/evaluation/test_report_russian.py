"""REPORT.ru.md has every section, table, figure and number of REPORT.md; no label of a table is left untranslated."""

import re
from itertools import zip_longest
from pathlib import Path

import pytest

from evaluation import report
from evaluation.report_translation import Translation, load, number, translation
from parsing.errors import BadFile
from parsing.manifest import ROOT

WORDS = """
same = ["friends"]
quoted.examples = ["reply"]
[labels]
"reply" = "ответ"
"verdict" = "вердикт"
"chat" = "болтовня"
"no cue" = "без имени"
"a sound, no speech" = "звук, не речь"
[patterns]
"{}: {}" = "{}: {}"
"{} episodes" = "серии {}"
[of.plays]
"friends" = "друзья"
"""


@pytest.fixture
def words(tmp_path: Path) -> Translation:
    path = tmp_path / "report_xx.toml"
    path.write_text(WORDS, encoding="utf-8")
    return load(path)


def pages() -> tuple[str, str]:
    """REPORT.md and REPORT.ru.md."""
    english, russian = ((ROOT / name).read_text(encoding="utf-8") for name in ("REPORT.md", "REPORT.ru.md"))
    return english, russian


@pytest.mark.parametrize(
    "part",
    [r"<!-- table:[\w-]+ -->", r"^#{1,6} ", r"!\[[^\]]*\](\([^)]+\))", r"`(?:python\s-m|make)\s[^`]+`", r"^\d+\. "],
    ids=["tables", "headings", "figures", "commands", "iterations"],
)
def test_the_russian_report_has_every_part_of_the_english_one_in_its_order(part: str) -> None:
    english, russian = ([" ".join(p.split()) for p in re.findall(part, page, re.MULTILINE)] for page in pages())
    assert len(english) > 5
    assert russian == english


KINDS = {"#": "heading", "|": "table", "!": "figure", "-": "list", "*": "on a figure", "<": "rendered table"}


def blocks(page: str) -> list[str]:
    """The kind of every block between blank lines, in order."""
    plain = re.sub(r"<!-- table.*?<!-- /table -->", "\n\n<>\n\n", page, flags=re.DOTALL)
    return [KINDS.get(block[0], "text") for block in re.split(r"\n\n+", plain.strip())]


def test_every_paragraph_has_its_translation() -> None:
    english, russian = map(blocks, pages())
    heads = iter(re.findall(r"^#+ .*", pages()[0], re.MULTILINE))
    place = ""
    for mine, theirs in zip_longest(english, russian):
        assert mine == theirs, f"in the section '{place}'"
        place = next(heads) if mine == "heading" else place


def sections(page: str) -> list[list[str]]:
    """The numbers of the prose under each heading, sorted, without their separators."""
    prose = re.sub(r"<!-- table.*?<!-- /table -->", "", page, flags=re.DOTALL)
    bare = re.sub(r"(?<=\d)[,.\u00a0](?=\d)", "", prose)
    return [sorted(re.findall(r"\d+", part)) for part in re.split(r"^#+ .*$", bare, flags=re.MULTILINE)]


def test_the_prose_of_every_section_tells_the_same_numbers() -> None:
    english, russian = map(sections, pages())
    heads = ["", *re.findall(r"^#+ .*", pages()[0], re.MULTILINE)]
    assert {h: r for h, e, r in zip(heads, english, russian, strict=True) if e != r} == {}


@pytest.mark.parametrize("name", report.TABLES)
def test_every_table_has_russian_words_and_the_numbers_of_the_english_one(name: str) -> None:
    english = report.TABLES[name]()
    russian = translation("ru").rendered(english, name)
    assert re.findall(r"\d", russian) == re.findall(r"\d", english)
    assert [line.count("|") for line in russian.splitlines()] == [line.count("|") for line in english.splitlines()]


def test_a_heading_or_label_without_a_translation_is_named_with_its_table(words: Translation) -> None:
    text = "| reply | colour |\n|---|---:|\n| chat | 1.5 |\n| row of mine | 2 |\n"
    with pytest.raises(BadFile, match=r"report_xx\.toml: table 'mine': no translation of 'colour'; 'row of mine'; add"):
        words.rendered(text, "mine")


def test_what_was_said_is_quoted_and_labels_beside_it_are_translated(words: Translation) -> None:
    text = "| reply | verdict |\n|---|---|\n| chat \\| 1.5 to 2 | chat |\n"
    assert words.rendered(text, "examples") == "| ответ | вердикт |\n|---|---|\n| chat \\| 1.5 to 2 | болтовня |\n"


@pytest.mark.parametrize(
    ("table", "cell", "said"),
    [
        ("shows", "friends: chat", "friends: болтовня"),
        ("plays", "friends: chat", "друзья: болтовня"),
        ("shows", "S01E05 episodes", "серии S01E05"),
        ("shows", "a sound, no speech 1,204, no cue 3", "звук, не речь 1\u00a0204, без имени 3"),
        ("shows", "a sound, no speech 4, no cues 3", None),
        ("shows", "parent_of", "parent_of"),
        ("shows", "`anything at all`", "`anything at all`"),
        ("shows", "chat episodes and more", None),
    ],
)
def test_a_cell_is_put_together_of_known_words_or_has_no_translation(
    words: Translation, table: str, cell: str, said: str | None
) -> None:
    assert words.cell(cell, table) == said


@pytest.mark.parametrize(
    ("english", "russian"),
    [
        ("87.5 % (81.0 to 92.0)", "87,5\u00a0% (81,0–92,0)"),
        ("1,000,000", "1\u00a0000\u00a0000"),
        ("60,624 of 61,022", "60\u00a0624 из 61\u00a0022"),
        ("-0.31 %", "\N{MINUS SIGN}0,31\u00a0%"),
        ("5 / 9 / 15", "5 / 9 / 15"),
    ],
)
def test_numbers_are_set_as_russian_typography_has_them(english: str, russian: str) -> None:
    assert number(english) == russian


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[label]\n", "unknown key 'label', expected labels, of, patterns, quoted, same"),
        ('[patterns]\n"{} of {}" = "{}"\n', r"pattern '\{\} of \{\}' has 2 \{\}"),
        ("[labels\n", r"report_yy\.toml: "),
    ],
)
def test_a_broken_table_of_words_is_an_error(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "report_yy.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadFile, match=message):
        load(path)


def test_the_tables_of_the_russian_report_are_not_stale() -> None:
    _, russian = pages()
    assert report.render(russian, "REPORT.ru.md", "ru") == russian, "run `make report`"
    assert report.DOCUMENTS["REPORT.ru.md"] == "ru"


def test_the_reports_link_to_each_other() -> None:
    english, russian = pages()
    assert "(REPORT.ru.md)" in english[:500] and "(REPORT.md)" in russian[:500]
    assert "(REPORT.ru.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
