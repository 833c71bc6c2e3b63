"""`python -m kg` as a person uses it, on the hand-made graph."""

import io
import json
import subprocess
import sys
from pathlib import Path

import networkx as nx
import pytest
from sitcom import MAIN, PEOPLE

from kg.__main__ import EXPORTS, app
from kg.exports import FORMATS, Order, export
from kg.graph import Graph
from kg.store import save_graph
from parsing.commands import run
from parsing.errors import BadInput
from parsing.manifest import Show


@pytest.fixture(scope="module")
def manifest(graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("shows") / "sitcom"
    folder.mkdir()
    lines = ['id = "sitcom"', 'title = "A sitcom"', 'language = "en"', f"seasons = {[24] * 10}"]
    for node, (name, gender, _) in PEOPLE.items():
        slug = node if node == "janice" else name.split()[0].lower()
        lines += ["[[cast]]", f'name = "{name}"', f'slug = "{slug}"', f'gender = "{gender}"']
        lines += [f"persona = {str(node in MAIN).lower()}"]
    (folder / "show.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    save_graph(graph, folder / "graph.json.gz")
    return str(folder / "show.toml")


@pytest.fixture
def kg(manifest: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setenv("CANON_BUILD", str(tmp_path))

    def call(command: str, *more: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["kg", command, manifest, *more])
        code = 0
        try:
            run(app)
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return call


def test_asking_prints_entities_answer_and_facts(kg):
    code, out, err = kg("ask", "Who is your sister?", "--speaker", "ross")
    assert code == 0
    assert "your sister = Monica Geller (relation)" in out
    assert "known: My sister is Monica." in out
    assert "Ross Geller | sibling | Monica Geller" in out
    assert "graph.json.gz" in err


def test_asking_as_json_is_one_object(kg):
    code, out, _ = kg("ask", "Who is your husband?", "--speaker", "Monica Geller", "--as-of", "s2e5", "--json")
    row = json.loads(out)
    assert code == 0
    assert [(a["relation"], a["answer"], a["sentence"]) for a in row["asks"]] == [
        ("spouse", "denied", "I'm not married.")
    ]


def test_a_character_knows_less_than_a_viewer(kg):
    question = ("Are Monica and Chandler dating?", "--speaker", "phoebe", "--as-of", "S05E01", "--json")
    assert json.loads(kg("ask", *question)[1])["asks"][0]["answer"] == "silent"
    assert json.loads(kg("ask", *question, "--knows", "viewer")[1])["asks"][0]["answer"] == "known"


def test_checking_prints_verdicts(kg):
    code, out, _ = kg("check", "I'm married to Ross.", "--speaker", "monica")
    assert code == 0 and out.startswith("contradicted  Monica Geller | spouse | Ross Geller")
    assert kg("check", "Hello!", "--speaker", "monica")[1] == "no claims\n"
    code, out, _ = kg("check", "No.", "--speaker", "joey", "--question", "Are you married?", "--json")
    assert [c["verdict"] for c in json.loads(out)["claims"]] == ["supported"]


def test_graphml_is_read_back_by_networkx(kg, graph: Graph, tmp_path: Path):
    path = tmp_path / "graph.graphml"
    code, out, _ = kg("export", "--format", "graphml", "--as-of", "S02E07", "--out", str(path))
    assert (code, out) == (0, "")
    network = nx.read_graphml(path)
    view = graph.at("S02E07")
    assert network.number_of_edges() == len(view.facts)
    told = {n.id for n in view.nodes.values() if view.facts_about(n.id)}
    assert told == {n for n, data in network.nodes(data=True) if data["type"] != "literal"}
    assert all(data["revealed"] <= "S02E07" for _, _, data in network.edges(data=True))
    assert network.nodes["ross_geller"]["name"] == "Ross Geller"


def test_an_export_of_what_a_character_knows_is_smaller(graph: Graph, show: Show):
    whole = nx.read_graphml(io.BytesIO(export(Order(graph.at("S05E01"), show), "graphml")[""]))
    known = nx.read_graphml(io.BytesIO(export(Order(graph.at("S05E01", "phoebe_buffay"), show), "graphml")[""]))
    assert known.number_of_edges() < whole.number_of_edges()
    with pytest.raises(BadInput, match=r"did you mean 'turtle'\?; there is: card, "):
        export(Order(graph, show), "turtel")


def test_the_help_names_every_format():
    assert list(EXPORTS) == list(FORMATS)


@pytest.mark.parametrize(
    ("command", "more", "message"),
    [
        ("ask", ("Hi", "--speaker", "ross", "--as-of", "S11E01"), "no season 11"),
        ("ask", ("Hi", "--speaker", "ross", "--as-of", "banana"), "'banana' is no episode"),
        ("ask", ("Hi", "--speaker", "Monika"), "did you mean 'monica'"),
        ("ask", ("", "--speaker", "ross"), "the message is empty"),
        ("ask", ("a" * 100_000, "--speaker", "ross"), "100,000 characters"),
        ("ask", ("Hi", "--speaker", "emma", "--as-of", "S08E01"), "nobody has met"),
        ("ask", ("Hi", "--speaker", "ross", "--knows", "all"), "must be character or viewer"),
        ("export", ("--format", "card"), "name one with --persona (ross, monica"),
        ("export", ("--format", "png", "--persona", "ross"), "--out PATH"),
        ("export", ("--format", "card", "--persona", "ross", "--budget", "9"), "too small"),
        ("export", ("--format", "grapml"), "did you mean 'graphml'"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(kg, command: str, more: tuple, message: str):
    code, out, err = kg(command, *more)
    assert (code, out) == (2, "")
    assert message in err.splitlines()[-1]
    assert "Traceback" not in err


def test_a_table_has_two_files_and_a_card_is_the_personas(kg, tmp_path: Path):
    code, out, err = kg("export", "--format", "csv", "--out", str(tmp_path / "sitcom.csv"))
    assert (code, out) == (0, "")
    assert [line for line in err.splitlines() if line.startswith("wrote")] == [
        f"wrote {tmp_path / name}" for name in ("sitcom.csv", "sitcom.nodes.csv")
    ]
    code, out, _ = kg("export", "--format", "card", "--persona", "Phoebe", "--as-of", "S05E01")
    assert json.loads(out)["data"]["extensions"]["canon"]["knower"] == "phoebe_buffay"
    code, out, _ = kg("export", "--format", "card", "--persona", "Phoebe", "--as-of", "S05E01", "--knows", "viewer")
    assert json.loads(out)["data"]["extensions"]["canon"]["knower"] is None


def test_a_card_is_searched_for_spoilers_and_a_lorebook_tried_out(kg, tmp_path: Path):
    card = tmp_path / "monica.png"
    kg("export", "--format", "png", "--persona", "monica", "--out", str(card))
    code, out, _ = kg("spoilers", str(card), "--as-of", "S03E01")
    assert code == 1 and "S07E24  Monica is married to Chandler.  (states spouse)" in out
    assert "S09E03" not in out  # Mike Hannigan is nobody Monica's card tells of
    code, out, err = kg("spoilers", str(card), "--as-of", "S10E18")
    assert (code, out) == (0, "") and "nothing in it comes later than S10E18" in err


def test_a_message_of_emoji_names_nobody_and_asks_nothing(kg):
    assert kg("ask", "😂😂", "--speaker", "joey")[:2] == (0, "nothing of the show is named or asked\n")


def test_importing_the_room_loads_no_model():
    code = "import sys, kg.talk, kg.__main__; print(sorted({'torch', 'spacy', 'transformers'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_building_prints_counts_and_ships_the_graph(
    kg, graph: Graph, manifest: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("kg.build.build_graph", lambda show, **options: graph)
    shipped = Path(manifest).with_name("graph.json.gz")
    before = shipped.read_bytes()
    code, out, err = kg("build", "--ship")
    assert code == 0
    assert "sibling\t" in out and "built in" in err and "0 curated" in err
    assert (tmp_path / "sitcom" / "graph.json.gz").read_bytes() == shipped.read_bytes() == before
