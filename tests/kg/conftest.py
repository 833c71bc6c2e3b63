"""The hand-made graph of `sitcom.py` and its show, for every test of the room."""

from pathlib import Path

import pytest
from sitcom import FACTS, MAIN, PEOPLE, make_nodes

from kg.graph import Graph
from parsing.manifest import CastMember, Show


@pytest.fixture(scope="session")
def graph() -> Graph:
    """The whole series."""
    return Graph("sitcom", make_nodes(), FACTS, main=MAIN)


@pytest.fixture(scope="session")
def show(tmp_path_factory: pytest.TempPathFactory) -> Show:
    cast = tuple(
        CastMember(name, slug=name.split()[0].lower(), aliases=aliases, gender=gender, persona=i in MAIN)
        for i, (name, gender, aliases) in PEOPLE.items()
    )
    folder: Path = tmp_path_factory.mktemp("sitcom")
    return Show("sitcom", "A sitcom", "en", (24,) * 10, cast, (), folder)


@pytest.fixture(scope="session")
def nlp(show: Show):
    """The dialogue pipeline of that show."""
    from kg.pipeline import load_pipeline

    return load_pipeline(show)
