"""The page in a real Chromium, over a live service with a scripted engine."""

from pathlib import Path
from typing import Any

from chromium import BROWSER, choose, say

HOSTILE = "<img src=x onerror=\"document.title='owned'\"> hello <b>you</b>"

pytestmark = BROWSER


def brightness(colour: str) -> int:
    """Of "rgb(250, 247, 242)", the sum: 0 is black, 765 white."""
    return sum(int(part) for part in colour.removeprefix("rgb(").rstrip(")").split(","))


def test_a_question_is_answered_with_the_fact_it_rests_on_and_the_fact_opens(opened: Any) -> None:
    page = opened("I like turtles.")
    choose(page, "Monica Geller")
    say(page, "What do you do for a living?")
    answer = page.locator(".turn.persona").last
    assert "chef" in answer.locator(".bubble").inner_text()
    assert answer.locator(".chip").inner_text() == "Grounded"
    fact = answer.locator(".fact")
    assert "S01E01" in fact.locator("summary").inner_text()
    assert fact.locator(".opened").count() == 0
    fact.locator("summary").click()
    details = fact.locator(".opened").inner_text()
    for expected in (
        "Monica Geller — job — chef",
        "since before the series",
        "curated by hand",
        "S01E02 · scene 1, line 3",
    ):
        assert expected in details
    assert page.outside == []


def test_a_denial_that_no_fact_states_says_what_it_rests_on(opened: Any) -> None:
    page = opened()
    choose(page, "Monica Geller")
    page.get_by_role("button", name="Season 2").click()
    say(page, "Are you married?")
    assert "Nothing up to S02E24 says otherwise." in page.locator(".evidence").inner_text()


def test_the_reply_arrives_in_pieces_that_together_are_the_reply(opened: Any) -> None:
    page = opened("Hey there, nice to see you.")
    say(page, "Hello!")
    assert page.locator(".turn.persona .bubble").inner_text() == "Hey there, nice to see you."
    assert page.locator(".turn.persona .piece").count() == 6


def test_the_slider_and_the_knower_are_sent_and_change_the_answer(opened: Any) -> None:
    page = opened("I like turtles.")
    choose(page, "Monica Geller")
    say(page, "Are you married?")
    assert "Chandler" in page.locator(".turn.persona .bubble").last.inner_text()
    page.get_by_role("button", name="Season 2").click()
    page.get_by_role("button", name="One episode back").click()
    page.get_by_role("radio", name="the viewer").check()
    assert page.locator("#episode").inner_text() == "S02E23"
    assert page.get_by_role("slider").get_attribute("aria-valuetext") == "season 2, episode 23"
    say(page, "Are you married?")
    assert "Chandler" not in page.locator(".turn.persona .bubble").last.inner_text()
    first, second = page.bodies[0]["message"], page.bodies[1]
    assert [(b["as_of"], b["knows"]) for b in (first, second)] == [("S10E18", "character"), ("S02E23", "viewer")]
    assert second["after"]  # the conversation goes on


def test_the_keyboard_moves_the_slider_over_every_episode(opened: Any) -> None:
    page = opened()
    slider = page.get_by_role("slider")
    assert slider.get_attribute("max") == "235"
    slider.focus()
    slider.press("Home")
    assert page.locator("#episode").inner_text() == "S01E01"
    slider.press("ArrowRight")
    assert page.locator("#episode").inner_text() == "S01E02"


def test_a_suggested_question_can_be_clicked(opened: Any) -> None:
    page = opened("I like turtles.")
    assert page.locator(".question").count() == 3
    page.locator(".question").first.click()
    page.locator(".evidence").wait_for()
    assert page.locator(".welcome").is_hidden()


def test_markup_from_either_side_stays_text(opened: Any) -> None:
    page = opened(HOSTILE)
    say(page, "Say <i>something</i> nice.")
    assert page.locator(".turn.user .bubble").inner_text() == "Say <i>something</i> nice."
    assert page.locator("#log img, #log b, #log i").count() == 0
    assert page.title() != "owned"


def test_a_persona_that_speaks_markup_is_shown_literally(opened: Any) -> None:
    page = opened()

    def hostile(route: Any) -> None:
        answer = route.fetch().json()
        answer["conversation"]["title"] = answer["turns"][1]["content"] = HOSTILE
        route.fulfill(status=201, json=answer)

    page.route("**/api/conversations", hostile)
    say(page, "Hello!")
    assert page.locator(".turn.persona .bubble").inner_text() == HOSTILE
    assert page.locator(".talk-title").inner_text() == HOSTILE
    assert page.locator("#log img, #log b, .side .talks img, .side .talks b").count() == 0 and page.title() != "owned"


def test_stop_gives_the_reply_up(opened: Any) -> None:
    page = opened("Hey.", seconds=20.0)
    page.get_by_label("Message", exact=True).fill("Hello")
    page.get_by_role("button", name="Send").click()
    page.get_by_role("img", name="Joey is thinking").wait_for()
    page.get_by_role("button", name="Stop").click()
    page.get_by_text("stopped", exact=True).wait_for()
    assert page.locator(".turn.persona").count() == 0
    assert page.get_by_role("button", name="Send").is_visible()


def test_an_error_is_told_kindly_and_can_be_tried_again(opened: Any) -> None:
    page = opened("Hey there, pal.")
    error = {"error": {"message": "33 requests are waiting already: try again in 4 s", "code": "queue_full"}}
    page.route("**/api/conversations", lambda route: route.fulfill(status=429, json=error), times=1)
    page.get_by_label("Message", exact=True).fill("Hello")
    page.get_by_label("Message", exact=True).press("Enter")
    page.get_by_role("alert").wait_for()
    assert "Many people are talking" in page.get_by_role("alert").inner_text()
    page.get_by_role("button", name="Try again").click()
    page.locator(".evidence").wait_for()
    assert page.locator(".turn.user").count() == 1 and page.get_by_role("alert").count() == 0


def test_each_persona_has_its_own_conversation_and_colour(opened: Any) -> None:
    page = opened("Hey there, pal.")
    say(page, "Hello!")
    accent = "getComputedStyle(document.documentElement).getPropertyValue('--accent')"
    joey = page.evaluate(accent)
    choose(page, "Ross Geller")
    assert page.locator(".turn").count() == 0 and page.evaluate(accent) != joey
    choose(page, "Joey Tribbiani")
    assert page.locator(".turn").count() == 2
    page.get_by_role("button", name="New chat").click()
    assert page.locator(".turn").count() == 0


def test_turning_to_somebody_else_gives_up_the_reply_and_leaves_no_trace_there(opened: Any) -> None:
    page = opened("Hey.", seconds=20.0)
    page.get_by_label("Message", exact=True).fill("Hello")
    page.get_by_role("button", name="Send").click()
    page.get_by_role("img", name="Joey is thinking").wait_for()
    choose(page, "Ross Geller")
    page.get_by_role("button", name="Send").wait_for()
    assert page.locator("#log").inner_text() == "" and page.locator("#welcome").is_visible()
    choose(page, "Joey Tribbiani")
    assert page.get_by_text("stopped", exact=True).is_visible()


def test_dark_follows_the_system_and_the_button_turns_it(opened: Any) -> None:
    page = opened(color_scheme="dark")
    paper = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(paper)
    page.get_by_role("button", name="Switch between light and dark").click()
    light = page.evaluate(paper)
    assert brightness(dark) < 150
    assert brightness(light) > 600
    page.reload()
    page.locator(".question").first.wait_for()
    assert page.evaluate(paper) == light


def test_a_phone_shows_everything_without_scrolling_sideways(opened: Any) -> None:
    page = opened("I like turtles.", viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
    choose(page, "Monica Geller")
    say(page, "What do you do for a living?")
    page.locator(".fact summary").click()
    page.locator(".moment > summary").click()
    assert page.get_by_role("slider").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.get_by_label("Message", exact=True).is_visible()


def test_reduced_motion_is_respected(opened: Any) -> None:
    page = opened("Hey there, pal.", reduced_motion="reduce")
    say(page, "Hello!")
    names = "Array.from(document.querySelectorAll('.piece'), (p) => getComputedStyle(p).animationName)"
    assert set(page.evaluate(names)) == {"none"}


def test_the_log_speaks_to_screen_readers_and_every_control_has_a_name(opened: Any) -> None:
    page = opened()
    assert page.get_by_role("log").get_attribute("aria-live") == "polite"
    unnamed = """Array.from(document.querySelectorAll("button, input, select, textarea"))
        .filter((c) => !c.getAttribute("aria-label") && !c.labels?.length && !c.textContent.trim())
        .map((c) => c.outerHTML)"""
    assert page.evaluate(unnamed) == []


def test_the_page_says_that_the_model_is_being_loaded(opened: Any, tmp_path: Path) -> None:
    page = opened()
    page.route("**/readyz", lambda route: route.fulfill(status=503, json={"ready": False, "error": None}), times=2)
    page.reload()
    page.get_by_text("The model is being loaded").wait_for()
    assert page.get_by_role("button", name="Send").is_disabled()
    page.locator(".question:not([disabled])").first.wait_for()
    assert page.locator("#notice").is_hidden()
