"""Russian names: lists of persons read, people found in them, and what else they are called."""

import pytest

from parsing.russian_names import further_names, listed_name, match_names


@pytest.mark.parametrize(
    ("item", "full"),
    [
        ("Петр Николаевич Сорин, ее брат.", "Петр Николаевич Сорин"),
        ("Сорин Петр Николаевич, ее брат", "Петр Николаевич Сорин"),
        ("Елена Андреевна, его жена, 27-ми лет.", "Елена Андреевна"),
        ("Турбин Алексей Васильевич – полковник", "Алексей Васильевич Турбин"),
        ("АНТОН АНТОНОВИЧ СКВОЗНИК-ДМУХАНОВСКИЙ, городничий", "Антон Антонович Сквозник-дмухановский"),
        ("Савел Прокофьевич Дико\u0301й, купец", "Савел Прокофьевич Дикой"),
        ("Маша, его дочь.", None),
        ("Князь Тугоуховский", None),
        ("", None),
    ],
)
def test_first_name_patronymic_surname_in_either_order(item, full):
    found = listed_name(item)
    assert (found.full if found else None) == full


def test_people_are_found_by_their_words_by_what_stands_in_brackets_and_by_their_office():
    items = ["Антон Антонович Шубин, городничий.", "Софья Павловна (Соня), дочь его.", "Олег Львович Шубин, брат его."]
    found = match_names(["ГОРОДНИЧИЙ", "Соня", "Шубин", "Слуга"], items)
    assert {name: entry.full for name, entry in found.items()} == {
        "ГОРОДНИЧИЙ": "Антон Антонович Шубин",
        "Соня": "Софья Павловна",
    }


def test_what_a_person_is_called():
    name = listed_name("Константин Гаврилович Треплев (Котя), сын")
    assert name is not None
    assert further_names(name, {"константин": ("Костя",)}) == (
        "Константин Гаврилович",
        "Константин Гаврилыч",
        "Треплев",
        "Котя",
        "Костя",
    )
