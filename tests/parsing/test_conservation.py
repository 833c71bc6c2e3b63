"""Nothing is lost: every word that goes in comes out exactly once, as speech, direction, heading or counted drop.

The words are numbered (`w12x`), so that the position of each can be followed; around them stands anything: brackets
left open, cues, dashes, dots, line ends of every system.
"""

import csv
import html
import io
import json
import re
from collections import Counter
from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from parsing.assemble import Assembler
from parsing.manifest import CastMember, Show, Source
from parsing.readers import Block
from parsing.readers.html_script import read as read_html
from parsing.readers.jsonl import read as read_json
from parsing.readers.subtitles import read as read_subtitles
from parsing.readers.table import read as read_table
from parsing.readers.tei import read as read_tei
from parsing.readers.text_script import read as read_text

MARKS = [
    *"()[]{}<>",
    "NORA: ",
    "Ben (aside): ",
    "МАША [V.O.]: ",
    ": ",
    "- ",
    "… ",
    "«",
    "» ",
    "[Scene: ",
    "’",
    "&",
    " ",
]
OPTIONS = {"scene": "scene", "begin": "", "end": "like this"}
pieces = st.lists(st.one_of(st.sampled_from(MARKS), st.just("WORD ")), max_size=14)
scripts = st.lists(pieces, min_size=1, max_size=10)


def numbered(script: list[list[str]]) -> list[str]:
    """The lines of a script with its words numbered."""
    count = iter(range(10_000))
    return ["".join(f"w{next(count)}x " if p == "WORD " else p for p in line) for line in script]


def words(texts: Iterable[str]) -> Counter[str]:
    return Counter(re.findall(r"w\d+x", " ".join(texts)))


def came_out(blocks: Iterable[Block]) -> Counter[str]:
    return words(part for b in blocks for part in (b.text, b.label, *b.directions))


@given(scripts, st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_text_keeps_every_word(script, end, encoding):
    lines = numbered(script)
    blocks = read_text(end.join(lines).encode(encoding), {"scene": "scene", "end": "like this"}, "t.txt")
    assert came_out(blocks) == words(lines)
    assert all(b.why for b in blocks if b.kind in {"note", "remark"})


@given(scripts, st.sampled_from(["<p>", "<br>", "<div><b></b>"]))
def test_pages_keep_every_word(script, tag):
    lines = numbered(script)
    page = "<html><body>" + "".join(tag + html.escape(line) for line in lines) + "</body></html>"
    assert came_out(read_html(page.encode(), {}, "p.html")) == words(lines)


@given(st.lists(st.tuples(pieces, pieces), min_size=1, max_size=10), st.sampled_from(["\n", "\r\n"]))
def test_tables_keep_every_word(rows, end):
    lines = numbered([cell for row in rows for cell in row])
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=end).writerows([("speaker", "text"), *zip(lines[::2], lines[1::2], strict=True)])
    blocks = read_table(out.getvalue().encode(), {}, "t.csv")
    texts = words(part for b in blocks for part in (b.text, *b.directions))
    assert words(lines[1::2]) <= texts
    assert all(count == 1 for count in texts.values())
    assert len([b for b in blocks if b.kind in {"speech", "note"}]) == len(rows)


@given(scripts)
def test_json_keeps_every_word(script):
    lines = numbered(script)
    data = "\n".join(json.dumps({"speaker": "Nora", "text": line}) for line in lines)
    assert came_out(read_json(data.encode(), {}, "t.jsonl")) == words(lines)


@given(scripts, st.booleans())
def test_subtitles_keep_every_word(script, keep):
    lines = numbered(script)
    data = "\n\n".join(f"{i}\n00:{i:02d}:00,000 --> 00:{i:02d}:01,000\n{line}" for i, line in enumerate(lines, 1))
    blocks = read_subtitles(
        (data + "\n\n99\n00:59:00,000 --> 00:59:01,000\nNORA: End").encode(), {"keep_uncued": keep}, "s.srt"
    )
    assert came_out(blocks) == words(lines)


@given(scripts, st.lists(st.sampled_from(["sp", "p", "stage", "l", "note"]), min_size=10, max_size=10))
def test_plays_keep_every_word(script, tags):
    lines = numbered(script)
    parts = []
    for line, tag in zip(lines, tags, strict=False):
        inner = f"<p>{html.escape(line)}</p>" if tag == "sp" else f"<{tag}>{html.escape(line)}</{tag}>"
        wrap = tag in {"sp", "l", "note"}
        parts.append(f'<sp who="#a"><speaker>A</speaker>{inner}</sp>' if wrap else inner)
    play = f"<TEI><text><body><div>{''.join(parts)}</div></body></text></TEI>"
    assert came_out(read_tei(play.encode(), {}, "p.xml")) == words(lines)


SHOW = Show("t", "T", "en", (1,), (CastMember("Nora Vale", aliases=("Nora",)),), (Source("text_script"),), None)  # type: ignore[arg-type]


@given(scripts)
def test_every_speech_is_one_utterance_or_one_counted_drop(script):
    blocks = read_text("\n".join(numbered(script)).encode(), {"scene": "scene"}, "t.txt")
    assembler = Assembler(SHOW)
    rows = assembler.rows("S01E01", blocks)
    speeches = [b for b in blocks if b.kind == "speech"]
    assert len(rows) + sum(assembler.dropped.values()) == len(speeches)
    assert words(r["text"] for r in rows) == words(b.text for b in speeches)
    assert len({r["id"] for r in rows}) == len(rows)
