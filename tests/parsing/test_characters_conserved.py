"""Every letter and digit of a file comes out exactly once: in a speech, its cue, a direction, a heading or a note.

Arbitrary characters of all scripts, cues, brackets left open and closed twice, every encoding that holds them and every
line end; one test a reader, with the options that cut and drop lines.
"""

import csv
import html
import io
import json
import warnings
from collections import Counter
from collections.abc import Iterable

from hypothesis import given, settings
from hypothesis import strategies as st

from parsing.assemble import Assembler
from parsing.manifest import CastMember, Show, Source
from parsing.readers import Block, reader_named
from parsing.readers.brackets import plain

SIGNS = [
    "NORA: ",
    "Ben (aside): ",
    "(",
    ")",
    "[",
    "]",
    "<",
    ">",
    "{",
    "}",
    "[Scene: ",
    ": ",
    "...",
    "“",
    "’",
    "&amp;",
    " ",
]
ANY = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"))
LATIN = st.characters(codec="cp1252", exclude_categories=("Cc", "Cs"))
CYRILLIC = st.characters(codec="koi8-r", exclude_categories=("Cc", "Cs"))
OPTIONS = {
    "scene": "scene",
    "begin": "start",
    "end": "stop",
    "bare_scene": "act .*",
    "drop": {"credits.*": "credits"},
    "uncued": {"log .*": "Nora"},
    "cut": r"(?<=\.) (?=[A-Z]+: )|(x)?y",
}
ENDS = ["\n", "\r\n", "\r", "\u2028", "\n\n"]


def line(letters: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pieces = st.one_of(st.sampled_from(SIGNS), st.text(letters, max_size=6), st.sampled_from(["act ", "log ", "xy. "]))
    return st.lists(pieces, max_size=10).map("".join)


def scripts(letters: st.SearchStrategy[str] = ANY) -> st.SearchStrategy[list[str]]:
    return st.lists(line(letters), min_size=1, max_size=8)


def letters_of(texts: Iterable[str]) -> Counter[str]:
    return Counter(c for text in texts for c in plain(text) if c.isalnum())


def came_out(blocks: Iterable[Block]) -> Counter[str]:
    return letters_of(part for b in blocks for part in (b.text, b.label, *b.directions))


def read(reader: str, data: bytes, name: str, **options: object) -> list[Block]:
    return reader_named(reader)(data, options, name)


@given(scripts(), st.sampled_from(ENDS), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]))
def test_text_in_unicode(lines, end, encoding):
    named = {"encoding": encoding} if encoding == "utf-32" else {}
    data = end.join(lines).encode(encoding)
    assert came_out(read("text_script", data, "t.txt", **named)) == letters_of(lines)


@given(scripts(LATIN), st.sampled_from(ENDS[:3]))
def test_text_in_windows_1252(lines, end):
    plain_lines = [text.encode("cp1252", "ignore").decode("cp1252") for text in lines]
    data = end.join(plain_lines).encode("cp1252")
    assert came_out(read("text_script", data, "t.txt", encoding="cp1252")) == letters_of(plain_lines)


@given(scripts(CYRILLIC))
def test_text_in_koi8(lines):
    kept = [text.encode("koi8-r", "ignore").decode("koi8-r") for text in lines]
    assert came_out(read("text_script", "\n".join(kept).encode("koi8-r"), "t.txt", encoding="koi8-r")) == letters_of(
        kept
    )


@given(
    st.lists(
        st.one_of(line(ANY), st.sampled_from(["start", "stop", "credits by x", "act 2", "xyy. NORA: y"])), max_size=9
    )
)
def test_options_that_cut_and_drop_lose_nothing(lines):
    blocks = read("text_script", "\n".join(lines).encode(), "t.txt", **OPTIONS)
    said = [b for b in blocks if b.marks != ("narration",)]  # the label of a narrator is the manifest's
    told = [Block(b.kind, b.text, directions=b.directions) for b in blocks if b.marks == ("narration",)]
    assert came_out([*said, *told]) == letters_of(lines)
    assert all(b.why for b in blocks if b.kind in {"note", "remark"})


@given(scripts(), st.sampled_from(["<p>", "<br>", "<div>", "<td>", "<b>"]), st.sampled_from(["utf-8", "utf-16"]))
def test_pages(lines, tag, encoding):
    page = "<html><body>" + "".join(tag + html.escape(text) + "<i> </i>" for text in lines) + "</body></html>"
    assert came_out(read("html_script", page.encode(encoding), "p.html")) == letters_of(lines)


@given(scripts(), st.sampled_from(["\n", "\r\n"]), st.sampled_from(",\t;|"))
def test_tables(lines, end, separator):
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=end, delimiter=separator)
    writer.writerows([("speaker", "text"), *(("7", text) for text in lines)])
    blocks = read("table", out.getvalue().encode(), "t.csv", separator=separator)
    assert came_out(blocks) == letters_of([*lines, "7" * len(lines)])


@given(scripts(), st.booleans())
def test_json(lines, one_a_line):
    rows = [{"speaker": "7", "text": text} for text in lines]
    data = "\n".join(map(json.dumps, rows)) if one_a_line else json.dumps(rows)
    assert came_out(read("jsonl", data.encode(), "t.json")) == letters_of([*lines, "7" * len(lines)])


@given(scripts(), st.sampled_from(["sp", "p", "stage", "l", "head"]))
def test_plays(lines, tag):
    parts = "".join(
        f'<sp who="#a"><speaker>A</speaker><{t}>{html.escape(x)}</{t}></sp>'
        if t in {"p", "l"}
        else f"<{t}>{html.escape(x)}</{t}>"
        for x, t in ((text, "p" if i % 2 and tag != "sp" else tag.replace("sp", "p")) for i, text in enumerate(lines))
    )
    play = f"<TEI><text><body><div>{parts}</div></body></text></TEI>"
    speeches = parts.count("<speaker>")
    assert came_out(read("tei", play.encode(), "p.xml")) == letters_of([*lines, "A" * speeches])


@settings(max_examples=25)
@given(scripts(), st.booleans())
def test_r_data(lines, as_text):
    import numpy as np
    import pandas as pd
    import rdata

    texts = [text or "-" for text in lines]
    table = pd.DataFrame({"speaker": ["7"] * len(texts), "text": texts}, dtype=object)
    thing = np.array(texts) if as_text else table
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data = _saved(rdata, thing)
    blocks = read("rdata_script" if as_text else "rdata", data, "t.rda")
    assert came_out(blocks) == letters_of([*texts, "" if as_text else "7" * len(texts)])


def _saved(rdata: object, thing: object) -> bytes:
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.rda"
        rdata.write_rda(path, {"t": thing})  # type: ignore[attr-defined]
        return path.read_bytes()


SHOW = Show("t", "T", "en", (1,), (CastMember("Nora Vale", aliases=("Nora",)),), (Source("text_script"),), None)  # type: ignore[arg-type]


@given(scripts())
def test_from_the_file_to_the_table(lines):
    """What was said stands in exactly one utterance; a cue that isn't kept had no letter, and is counted."""
    blocks = read("text_script", "\n".join(lines).encode(), "t.txt")
    speeches = [b for b in blocks if b.kind == "speech"]
    assembler = Assembler(SHOW)
    rows = assembler.rows("S01E01", blocks)
    assert letters_of(row["text"] for row in rows) == letters_of(b.text for b in speeches)
    assert len(rows) + sum(assembler.dropped.values()) == len(speeches)
