"""Conversations on the page: kept, listed, renamed, deleted, edited, made anew, branched; and two languages."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from chromium import BROWSER, choose, say

pytestmark = BROWSER
STATIC = Path(__file__).resolve().parents[2] / "app" / "static"


def bubbles(page: Any) -> list[str]:
    return [text.strip() for text in page.locator(".turn .bubble").all_inner_texts()]


def titles(page: Any) -> list[str]:
    return page.locator(".talk-title").all_inner_texts()


def begun(opened: Any, *questions: str, **more: Any) -> Any:
    page = opened("Hey there, pal.", **more)
    for question in questions or ("Hello!",):
        say(page, question)
    return page


def deed(page: Any, name: str) -> None:
    """Something from the menu of the conversation that is on show."""
    page.locator(".talk.here .tool").click()
    page.locator(".talk.here").get_by_text(name, exact=True).click()


# --- kept


def test_a_conversation_survives_a_reload_with_its_facts(opened: Any) -> None:
    page = begun(opened, "What do you do for a living?", "Hello!")
    before = bubbles(page)
    page.reload()
    page.locator(".evidence").nth(1).wait_for()
    assert bubbles(page) == before and len(before) == 4
    page.locator(".fact summary").first.click()
    assert "curated by hand" in page.locator(".fact .opened").inner_text()
    assert titles(page) == ["What do you do for a living?"]
    say(page, "Hello again!")
    assert page.locator(".turn").count() == 6


def test_another_browser_sees_nothing_of_it(opened: Any, browser: Any) -> None:
    page = begun(opened)
    stranger = browser.new_context().new_page()
    stranger.goto(page.url)
    stranger.locator(".question:not([disabled])").first.wait_for()
    assert stranger.locator(".turn, .talk").count() == 0
    stranger.context.close()


def test_the_list_opens_a_conversation_and_back_goes_back(opened: Any) -> None:
    page = begun(opened, "Hello!")
    choose(page, "Monica Geller")
    say(page, "What do you do for a living?")
    assert titles(page) == ["What do you do for a living?", "Hello!"]
    page.get_by_role("button", name="Hello! Joey").click()
    page.locator(".turn").get_by_text("Hey there, pal.").wait_for()  # the other's turns stand there until then
    assert page.get_by_role("radio", name="Joey Tribbiani").is_checked()
    assert bubbles(page) == ["Hello!", "Hey there, pal."]
    assert page.locator(".talk.here .talk-title").inner_text() == "Hello!"
    page.go_back()
    page.get_by_text("Monica Geller", exact=True).wait_for()
    page.locator(".turn").get_by_text("What do you do for a living?").wait_for()
    assert bubbles(page)[0] == "What do you do for a living?"


def test_a_new_chat_leaves_the_old_one_in_the_list(opened: Any) -> None:
    page = begun(opened)
    page.get_by_label("Message", exact=True).fill("Half a sen")
    page.get_by_role("button", name="New chat").click()
    assert page.locator(".turn").count() == 0 and "#" not in page.url
    assert page.get_by_label("Message", exact=True).input_value() == "Half a sen"
    page.go_back()
    page.locator(".turn").first.wait_for()
    page.go_forward()
    page.locator(".turn").first.wait_for(state="detached")
    say(page, "Good morning!")
    assert titles(page) == ["Good morning!", "Hello!"]


def test_a_conversation_is_renamed_with_the_keyboard(opened: Any) -> None:
    page = begun(opened)
    page.get_by_role("button", name="Actions for “Hello!”").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_label("New title").press("Escape")
    assert titles(page) == ["Hello!"]
    deed(page, "Rename")
    page.get_by_label("New title").fill("Lunch <b>")
    page.get_by_label("New title").press("Enter")
    page.get_by_text("Lunch <b>").wait_for()
    assert page.evaluate("document.activeElement.className") == "talk-open"
    page.reload()
    page.get_by_text("Lunch <b>").wait_for()


def test_deleting_asks_first(opened: Any) -> None:
    page = begun(opened)
    deed(page, "Delete")
    dialog = page.get_by_role("dialog")
    assert "“Hello!”" in dialog.inner_text()
    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    assert titles(page) == ["Hello!"]
    page.locator(".talk.here").get_by_text("Delete", exact=True).click()
    dialog.get_by_role("button", name="Delete").click()
    page.locator(".talk").wait_for(state="detached")
    assert page.locator("#welcome").is_visible() and page.locator(".turn").count() == 0
    page.reload()
    page.locator(".question:not([disabled])").first.wait_for()
    assert titles(page) == []


def test_an_export_is_a_file(opened: Any) -> None:
    page = begun(opened)
    page.locator(".talk.here .tool").click()
    with page.expect_download() as found:
        page.get_by_text("Export").click()
    export = json.loads(Path(found.value.path()).read_text())
    assert found.value.suggested_filename.startswith("canon-joey-")
    assert [turn["content"] for turn in export["turns"]] == ["Hello!", "Hey there, pal."]


# --- turns


def test_an_edited_message_begins_a_branch_and_the_arrows_go_between(opened: Any) -> None:
    page = begun(opened, "Hello!", "What do you do for a living?")
    page.get_by_role("button", name="Edit", exact=True).first.click()
    editor = page.get_by_label("Edit your message")
    assert editor.input_value() == "Hello!"
    editor.fill("Good morning!")
    editor.press("Enter")
    page.get_by_role("img", name="Version 2 of 2").wait_for()
    assert bubbles(page) == ["Good morning!", "Hey there, pal."]
    page.get_by_role("button", name="Earlier version").click()
    page.get_by_role("img", name="Version 1 of 2").wait_for()
    assert bubbles(page)[:3] == ["Hello!", "Hey there, pal.", "What do you do for a living?"]
    assert page.get_by_role("button", name="Earlier version").is_disabled()
    page.reload()
    page.locator(".turn").nth(3).wait_for()
    assert len(titles(page)) == 1


def test_an_editor_is_left_with_escape_and_the_focus_returns(opened: Any) -> None:
    page = begun(opened)
    edit = page.get_by_role("button", name="Edit", exact=True)
    edit.focus()
    page.keyboard.press("Enter")
    page.get_by_label("Edit your message").press("Escape")
    assert bubbles(page) == ["Hello!", "Hey there, pal."]
    assert edit.evaluate("(button) => document.activeElement === button")


def test_another_answer_stands_beside_the_first(opened: Any) -> None:
    page = begun(opened, "Hello!", "How are you?")
    again = page.get_by_role("button", name="Another answer")
    assert again.count() == 1  # only the last answer can be made anew
    again.click()
    page.get_by_role("img", name="Version 2 of 2").wait_for()
    assert page.locator(".turn").count() == 4


def test_a_branch_is_a_conversation_of_its_own(opened: Any) -> None:
    page = begun(opened, "Hello!", "How are you?")
    page.locator(".turn.persona").first.hover()
    page.get_by_role("button", name="Branch from here").first.click()
    page.get_by_text("This is a branch").wait_for()
    assert bubbles(page) == ["Hello!", "Hey there, pal."]
    assert titles(page) == ["Hello!", "Hello!"]
    page.go_back()
    page.locator(".turn").nth(3).wait_for()


def test_stopping_another_answer_leaves_the_first(opened: Any) -> None:
    page = begun(opened)
    held: list[Any] = []

    def hold(route: Any) -> None:
        held.append(route)

    page.route("**/regenerate", hold)
    page.get_by_role("button", name="Another answer").click()
    page.get_by_role("img", name="Joey is thinking").wait_for()
    page.keyboard.press("Escape")
    page.get_by_text("stopped", exact=True).wait_for()
    held[0].abort()
    assert bubbles(page) == ["Hello!", "Hey there, pal."]


def test_a_stopped_message_goes_back_to_where_it_was_written(opened: Any) -> None:
    page = opened("Hey.", seconds=20.0)
    message = page.get_by_label("Message", exact=True)
    message.fill("Hello!")
    message.press("Enter")
    page.get_by_role("button", name="Stop").click()
    page.get_by_text("stopped", exact=True).wait_for()
    assert message.input_value() == "Hello!" and page.locator(".turn, .talk").count() == 0


def test_a_message_that_could_not_be_kept_is_told_and_can_be_sent_again(opened: Any) -> None:
    page = begun(opened)
    error = {"error": {"message": "the conversation could not be kept: the disk is full", "code": "unavailable"}}
    page.route("**/messages", lambda route: route.fulfill(status=503, json=error), times=1)
    page.get_by_label("Message", exact=True).fill("How are you?")
    page.get_by_label("Message", exact=True).press("Enter")
    page.get_by_role("alert").wait_for()
    assert "the disk is full" in page.get_by_role("alert").inner_text()
    page.get_by_role("button", name="Try again").click()
    page.locator(".evidence").nth(1).wait_for()
    assert bubbles(page)[:3] == ["Hello!", "Hey there, pal.", "How are you?"] and page.locator(".turn").count() == 4


def test_marks_say_up_to_where_each_part_speaks_after_a_reload_too(opened: Any) -> None:
    page = begun(opened)
    page.get_by_role("button", name="Season 2").click()
    say(page, "How are you?")
    marks = page.locator(".mark-line").all_inner_texts()
    assert marks == ["the whole series", "up to S02E24"]
    page.reload()
    page.locator(".evidence").nth(1).wait_for()
    assert page.locator(".mark-line").all_inner_texts() == marks


# --- small screens, languages, everybody


def test_on_a_phone_the_list_is_folded_and_opens(opened: Any) -> None:
    page = begun(opened, viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
    assert page.locator(".talk-open").is_hidden()
    page.get_by_text("Conversations", exact=True).tap()
    page.get_by_role("button", name="New chat").tap()
    assert page.locator(".turn").count() == 0 and page.locator(".talk-open").is_hidden()
    page.get_by_text("Conversations", exact=True).tap()
    page.locator(".talk-open").tap()
    page.locator(".turn").first.wait_for()
    page.get_by_text("Conversations", exact=True).tap()
    assert page.locator(".talk-open").is_visible()
    page.locator(".talk .tool").tap()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.get_by_label("Message", exact=True).is_visible()
    assert page.get_by_role("button", name="Another answer").is_visible()  # no pointer can hover


def test_the_interface_speaks_russian_and_remembers_it(opened: Any) -> None:
    page = begun(opened, "What do you do for a living?")
    page.get_by_role("button", name="По-русски").click()
    assert page.locator("html").get_attribute("lang") == "ru"
    for text in ("Собеседник", "Беседы", "Подтверждено", "всё целиком"):
        assert page.get_by_text(text, exact=True).first.is_visible(), text
    assert page.get_by_role("button", name="Новая беседа").is_visible()
    page.get_by_label("Сообщение", exact=True).fill("Hello!")
    page.get_by_role("button", name="Отправить", exact=True).click()
    page.locator(".evidence").nth(1).wait_for()
    page.reload()
    page.get_by_text("Беседы", exact=True).wait_for()
    page.get_by_role("button", name="In English").click()
    assert page.get_by_text("Conversations", exact=True).is_visible()


def test_a_russian_browser_is_spoken_to_in_russian(opened: Any) -> None:
    page = opened(locale="ru-RU")
    assert page.get_by_text("Беседы", exact=True).is_visible()
    assert page.get_by_role("slider").get_attribute("aria-valuetext") == "сезон 10, серия 18, всё целиком"


def test_a_russian_show_is_spoken_of_in_russian_until_the_reader_chooses(opened: Any) -> None:
    page = opened()

    def russian(route: Any) -> None:
        listed = route.fetch().json()
        listed["shows"][0]["language"] = "ru"
        route.fulfill(json=listed)

    page.route("**/api/shows", russian)
    page.reload()
    page.get_by_role("button", name="In English").click()
    page.reload()
    page.locator(".question:not([disabled])").first.wait_for()
    assert page.locator("html").get_attribute("lang") == "en"


def test_both_tables_have_every_text_that_the_page_asks_for(opened: Any) -> None:
    page = opened()
    tables = page.evaluate("import('/static/strings.js').then((module) => module.STRINGS)")
    english, russian = tables["en"], tables["ru"]
    assert set(english) == set(russian)
    filled = re.compile(r"\{\w+\}")
    extra = {k for k in english if set(filled.findall(russian[k])) - set(filled.findall(english[k]))}
    assert extra == set()
    code = "".join(path.read_text() for path in STATIC.glob("*.js") if path.name != "strings.js")
    page_text = (STATIC / "index.html").read_text()
    asked = set(re.findall(r"\bt\(\"(\w+)\"", code)) | set(re.findall(r"data-t(?:-label)?=\"(\w+)\"", page_text))
    assert asked <= set(english)
    written = code + page_text
    computed = re.compile(
        r"error_|way_|group_|Means$|^(?:grounded|corrected|abstained|chat|supported|contradicted|unverifiable)$"
    )
    unused = {key for key in english if f'"{key}"' not in written and not computed.search(key)}
    assert unused == set()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(opened: Any, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = begun(opened, "What do you do for a living?", "Hello!", color_scheme=scheme, reduced_motion="reduce")
    page.locator(".fact summary").first.click()
    page.locator(".talk.here .tool").click()
    found = Axe().run(page).response["violations"]
    serious = [(v["id"], [n["html"] for n in v["nodes"]]) for v in found if v["impact"] in {"serious", "critical"}]
    assert serious == []
