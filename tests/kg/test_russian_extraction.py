"""Russian: names in their cases, relations out of lists of persons and out of speech, on made-up people."""

from pathlib import Path

import pytest

from kg.build import assemble
from kg.extract.mentions import Line, Names
from kg.languages import extractor
from kg.reading import material_of
from kg.russian.declension import declined, modern
from kg.russian.extraction import evidence_from
from kg.russian.language import in_case, name_in
from kg.russian.listed import read_cast_list
from kg.russian.people import CastNames
from kg.russian.wording import years
from parsing.cast_list import CastEntry
from parsing.errors import BadManifest
from parsing.manifest import CastMember, Show
from parsing.sentences import russian_sentences

PEOPLE = (
    CastMember("Павел Ильич Лугин", aliases=("Лугин", "Павел Ильич"), gender="male", persona=True),
    CastMember("Вера Петровна Лугина", aliases=("Вера Петровна", "Лугина"), gender="female"),
    CastMember("Ася", gender="female"),
    CastMember("Федор Ильич", aliases=("Федя",), gender="male"),
    CastMember("Дуня", gender="female"),
)
LIST = (
    CastEntry("Павел Ильич Лугин, врач, 45 лет."),
    CastEntry("Вера Петровна, его жена."),
    CastEntry("Ася, их дочь."),
    CastEntry("Федор Ильич, брат Лугина."),
    CastEntry("Дуня, горничная Веры Петровны."),
)
PAVEL, VERA, ASYA, FEDOR, DUNYA = "павел_ильич_лугин", "вера_петровна_лугина", "ася", "федор_ильич", "дуня"


def show(cast=PEOPLE, language="ru") -> Show:
    return Show("dom", "Дом", language, (2,), tuple(cast), (), Path("/nowhere"))


def listed(entries=LIST, cast=PEOPLE) -> set[tuple[str, str, str]]:
    return {(r.subject, r.relation, r.object) for r in read_cast_list(list(entries), CastNames(cast))}


def said(number: int, speaker: str, other: str, text: str, scene: int = 1) -> Line:
    both = tuple(sorted((speaker, other)))
    return Line(f"S01E01.{scene:02d}.{number:03d}", "S01E01", scene, speaker, (other,), both, text, (), "")


@pytest.mark.parametrize(
    ("name", "gender", "case", "form"),
    [
        ("Треплев", "male", "ablt", "треплевым"),
        ("Нина", "female", "datv", "нине"),
        ("Заречная", "female", "accs", "заречную"),
        ("Аркадина", "female", "gent", "аркадиной"),
        ("Медведенко", "male", "gent", "медведенко"),
        ("Илья", "male", "gent", "ильи"),
    ],
)
def test_names_are_declined_by_their_type(name: str, gender: str, case: str, form: str) -> None:
    assert declined(name, gender)[case] == form


def test_whole_names_and_common_nouns_are_put_in_a_case() -> None:
    assert name_in("Павел Ильич Лугин", "male", "gent") == "Павла Ильича Лугина"
    assert in_case("двоюродная сестра", "gent") == "двоюродной сестры"


def test_the_spelling_of_before_1918_is_read_as_today() -> None:
    assert modern("Сергѣй Петровичъ, ея мужъ") == "Сергей Петрович, ее муж"


@pytest.mark.parametrize(("number", "words"), [("1", "1 год"), ("22", "22 года"), ("11", "11 лет"), ("45", "45 лет")])
def test_years_take_the_form_of_their_number(number: str, words: str) -> None:
    assert years(number) == words


def test_an_abbreviation_ends_no_sentence() -> None:
    assert russian_sentences("Это г. Лугин. Он спит!") == ["Это г. Лугин.", "Он спит!"]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Скажи Вере Петровне, что пора.", [VERA]),
        ("Где Лугин с Асей?", [PAVEL, ASYA]),
        ("Дунин дом сгорел.", [DUNYA]),
        ("Вы видели Павла Кузьмича?", []),  # another Павел
    ],
)
def test_people_are_found_in_any_case(text: str, who: list[str]) -> None:
    assert [n.person for n in CastNames(PEOPLE).find(text)] == who


def test_a_list_of_persons_states_relations() -> None:
    assert listed() == {
        (VERA, "spouse", PAVEL),
        (PAVEL, "parent_of", ASYA),
        (VERA, "parent_of", ASYA),
        (FEDOR, "sibling", PAVEL),
        (VERA, "boss_of", DUNYA),
    }


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        ("Ася, племянница Лугина.", (PAVEL, "uncle_aunt_of", ASYA)),
        ("Ася, невеста Феди.", (ASYA, "engaged_to", FEDOR)),
        ("Ася, двоюродная сестра Феди.", (ASYA, "cousin", FEDOR)),
        ("Ася, Веры Петровны служанка.", (VERA, "boss_of", ASYA)),
        ("Ася, мнимая дочь Лугина.", None),
        ("Ася, дочь Ракитина.", None),  # nobody of the cast
        ("Ася, подруга сестры Лугина.", None),
    ],
)
def test_one_entry(entry: str, found: tuple[str, str, str] | None) -> None:
    entries = (
        CastEntry("Павел Ильич Лугин."),
        CastEntry("Вера Петровна."),
        CastEntry("Федор Ильич."),
        CastEntry(entry),
    )
    assert listed(entries) == ({found} if found else set())


def test_a_bracket_speaks_of_all_its_entries() -> None:
    entries = (CastEntry("Вера Петровна."), CastEntry("Ася,", "её дети"), CastEntry("Федор Ильич,", "её дети"))
    assert listed(entries) == {(VERA, "parent_of", ASYA), (VERA, "parent_of", FEDOR)}


def test_her_means_no_man_and_nobody_outside_of_the_cast() -> None:
    entries = (CastEntry("Федор Ильич."), CastEntry("Глафира, вдова."), CastEntry("Ася, ее дочь."))
    assert listed(entries) == set()


def graph(entries=LIST, lines=(), sources=("list", "speech")):
    there = [said(90 + i, PAVEL, other, "Да.", scene=9) for i, other in enumerate((VERA, ASYA, FEDOR, DUNYA))]
    every = [*lines, *there]
    evidence = evidence_from(show(), every, entries, sources)
    return assemble(material_of(show(), every, Names(show()), evidence))[0]


def test_the_graph_has_ages_jobs_and_what_follows() -> None:
    facts = {(f.subject, f.relation, f.object) for f in graph().facts}
    assert {(PAVEL, "job", "врач"), (PAVEL, "age", "45"), (FEDOR, "uncle_aunt_of", ASYA)} <= facts


def test_evidence_of_the_list_is_its_entry_before_the_first_scene() -> None:
    fact = next(f for f in graph().stored if f.relation == "spouse")
    assert fact.evidence == ("S01E01.00.002",)
    assert fact.revealed == "S01E01"


def test_mother_is_believed_when_two_scenes_say_so() -> None:
    lines = [said(1, ASYA, VERA, "Мама, пойдём!", 1), said(2, ASYA, VERA, "Ах, мама!", 2)]
    twice = {(f.subject, f.relation, f.object) for f in graph((), lines, ("speech",)).stored}
    once = {(f.subject, f.relation, f.object) for f in graph((), lines[:1], ("speech",)).stored}
    assert (twice, once) == ({(VERA, "parent_of", ASYA)}, set())


def test_a_mother_in_law_is_no_mother() -> None:
    entries = (CastEntry("Вера Петровна."), CastEntry("Федор Ильич, её сын."), CastEntry("Ася, жена Феди."))
    lines = [said(i, ASYA, VERA, "Маменька, пойдём!", i) for i in (1, 2, 3)]
    stored = {(f.subject, f.relation, f.object) for f in graph(entries, lines).stored}
    assert (VERA, "parent_of", FEDOR) in stored
    assert (VERA, "parent_of", ASYA) not in stored


def test_my_brother_by_name() -> None:
    lines = [said(1, PAVEL, VERA, "Приехал мой брат Федя.")]
    stored = {(f.relation, frozenset((f.subject, f.object))) for f in graph((), lines, ("speech",)).stored}
    assert ("sibling", frozenset((PAVEL, FEDOR))) in stored


def test_a_language_nobody_reads_is_refused() -> None:
    with pytest.raises(BadManifest, match="language 'xx' is read by nothing"):
        extractor(show(language="xx"))
