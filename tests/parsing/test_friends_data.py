"""Friends as it really is: 229 pages, 236 episodes, and the same lines as the R data within two per cent."""

import pandas as pd
import pytest

from parsing.build import build
from parsing.compare import compare
from parsing.manifest import ROOT, build_dir, load_show
from parsing.tables import load_pairs, load_utterances

pytestmark = pytest.mark.data


@pytest.fixture(scope="module")
def friends(tmp_path_factory):
    """Both sources, parsed into a temporary folder: (report, report of the R data, comparison, table)."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CANON_BUILD", str(tmp_path_factory.mktemp("build")))
        show, other = load_show("friends"), load_show("friends_r")
        reports = build(show), build(other)
        result = compare(show, other)
        joined = pd.read_csv(build_dir(show) / "scene_map.csv")
        yield {
            "report": reports[0],
            "other": reports[1],
            "comparison": result,
            "table": load_utterances(show),
            "other_table": load_utterances(other),
            "pairs": load_pairs(show),
            "joined": joined,
        }


def test_229_pages_become_236_episodes(friends):
    report = friends["report"]
    assert report["files"] == {"listed": 229, "read": 227, "excluded": 2}
    assert (report["episodes"], report["episodes_missing"]) == (236, [])
    assert friends["table"]["episode"].iloc[-1] == "S10E18"
    assert friends["table"]["id"].is_unique
    assert friends["table"]["id"].is_monotonic_increasing


def test_every_episode_has_a_plausible_length(friends):
    lengths = friends["table"].groupby("episode").size()
    assert lengths.min() > 150
    assert lengths.max() < 450


def test_main_characters_agree_with_the_r_data_within_two_per_cent(friends):
    differences = {name: row["difference"] for name, row in friends["comparison"]["main_characters"].items()}
    assert len(differences) == 6
    assert all(abs(d) < 0.02 for d in differences.values()), differences


def test_the_r_data_has_the_rows_its_page_tells(friends):
    assert friends["other"]["utterances"] == 67_359 - 6_060 - 276 - 1  # directions, rows without speaker, an empty one
    assert (friends["other_table"]["speaker_raw"] == "All").sum() == 347


def test_nineteen_of_twenty_lines_have_a_canonical_speaker(friends):
    assert friends["report"]["with_canonical_speaker"] > 0.95


def test_speech_holds_no_cues_brackets_or_breaks(friends):
    text = friends["table"]["text"]
    assert not text.str.contains(r"[\[\]{}()]").any()
    assert text.str.contains(r"(?i)\b(?:commercial break|opening credits|closing credits|transcribed by)\b").sum() == 0
    cue = r"\b(?:Ross|Rachel|Monica|Chandler|Joey|Phoebe|ROSS|RACHEL|MONICA|CHANDLER|JOEY|PHOEBE)\s?:"
    assert text.str.contains(cue).sum() < 4


def test_alternate_lives_and_dreams_make_no_canon(friends):
    kinds = friends["table"].groupby("episode")["reality"].agg(set)
    assert kinds["S06E16"] == {"imagined"}
    assert kinds["S06E15"] == {"canon", "imagined"}
    assert kinds["S03E06"] == {"canon", "flashback", "imagined"}
    assert kinds["S02E18"] == {"canon", "performance"}


def test_homonyms_are_other_people(friends):
    table = friends["table"]
    speakers = table.groupby("episode")["speaker"].agg(lambda s: set(s.dropna()))
    assert "Erica Ford" in speakers["S02E12"]
    assert "Erica" in speakers["S10E09"]
    assert "Richard Burke" in speakers["S02E16"]
    assert "Richard Burke" not in speakers["S07E23"]
    assert "Mike Hannigan" not in speakers["S03E04"]


def test_nearly_every_scene_has_its_partner_in_the_r_data(friends):
    best = friends["joined"].drop_duplicates(["episode", "scene"])
    assert len(best) == friends["report"]["scenes"]
    assert best["other_scene"].notna().mean() > 0.99


def test_there_are_pairs_for_each_of_the_six(friends):
    counts = pd.Series([p["persona"] for p in friends["pairs"]]).value_counts()
    assert len(counts) == 6
    assert counts.min() > 4_500
    assert all(1 <= len(p["context"]) <= 6 for p in friends["pairs"])


def test_the_data_page_tells_the_numbers_that_come_out(friends):
    page = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    report = friends["report"]
    told = [
        f"{report['scenes']:,} scenes",
        f"{report['utterances']:,} utterances",
        f"{report['pairs']['kept']:,} pairs",
    ]
    told += [f"{report[key]:.1%}".replace("%", " %") for key in ("with_canonical_speaker", "with_addressee")]
    told += [f"{count:,}" for part in ("reality", "dropped", "pairs") for count in report[part].values()]
    for name, row in friends["comparison"]["main_characters"].items():
        told.append(
            f"| {name} | {row['friends']:,} | {row['friends_r']:,} | {row['difference']:+.2%}".replace("-", "−")
        )
    assert [number for number in told if number.replace("%", " %").replace("  ", " ") not in page] == []
