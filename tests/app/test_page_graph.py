"""The graph view of the page: what is around somebody, at the moment of the slider and as known to the one chosen."""

from typing import Any

import pytest
from chromium import BROWSER, choose, say

pytestmark = BROWSER
NODES = "#graph-drawing .node"


def graph(page: Any, name: str = "Ross Geller") -> Any:
    """The view of a persona, by its button."""
    choose(page, name)
    page.locator(".graph-open:visible").click()
    page.locator(".graph-list li").first.wait_for()
    return page


def around(page: Any) -> dict[str, str]:
    """Name -> what the list says of it."""
    read = (
        "box => [...box.querySelectorAll('li')].map(row => row.innerText)"  # in one go: a late load replaces the rows
    )
    texts = [row.split("\n", 1) for row in page.locator("#graph-list").evaluate(read)]
    return {name.strip(): said.strip() for name, said in texts}


def settled(page: Any, name: str, there: bool = True) -> None:
    """Wait until a neighbour is, or is not, drawn."""
    page.locator(f'{NODES}[data-key="{name}"]').wait_for(state="attached" if there else "detached")


def test_the_graph_shows_everybody_around_grouped_and_says_the_same_as_a_list(opened: Any) -> None:
    page = graph(opened())
    assert page.get_by_role("heading", name="Ross Geller").is_visible()
    assert list(around(page)) == ["Monica Geller", "Ben Geller", "Emma Geller", "Emily Waltham"]
    assert page.locator(".graph-list h4").all_inner_texts() == ["Family", "Love"]
    assert "Ross was married to Emily" in around(page)["Emily Waltham"]
    assert page.locator(NODES).count() == 5  # the one in the middle too
    assert {"sister", "son", "daughter", "ex-wife"} <= set(page.locator("#graph-drawing .word").all_text_contents())
    assert "past" in page.locator(f'{NODES}[data-key="emily_waltham"]').get_attribute("class")
    assert page.get_by_label("Message", exact=True).is_hidden() and page.outside == []


def test_the_slider_and_the_knower_move_the_graph(opened: Any) -> None:
    page = graph(opened(), "Monica Geller")
    settled(page, "chandler_bing")
    page.get_by_role("button", name="Season 2").click()
    settled(page, "chandler_bing", there=False)
    assert "Chandler Bing" not in around(page) and "chef" in around(page)
    page.get_by_role("button", name="Season 5").click()
    settled(page, "chandler_bing")
    assert "since S04E24" in around(page)["Chandler Bing"]
    assert page.locator("#graph-moment").inner_text() == "up to S05E24, as Monica knows it"


def test_what_a_persona_has_not_learnt_is_drawn_for_the_viewer_only(opened: Any) -> None:
    page = graph(opened(), "Ross Geller")
    page.get_by_role("button", name="Season 4").click()
    page.locator(f'{NODES}[data-key="monica_geller"]').click()
    page.get_by_role("heading", name="Monica Geller").wait_for()
    assert "Chandler Bing" not in around(page)
    page.get_by_role("radio", name="the viewer").check()
    settled(page, "chandler_bing")
    assert "the viewer" in page.locator("#graph-moment").inner_text()


def test_a_click_goes_to_a_neighbour_and_back_returns(opened: Any) -> None:
    page = graph(opened())
    back = page.get_by_role("button", name="One step back")
    assert back.is_disabled()
    page.locator(f'{NODES}[data-key="monica_geller"]').click()
    page.get_by_role("heading", name="Monica Geller").wait_for()
    assert "centre" in page.locator(f'{NODES}[data-key="monica_geller"]').get_attribute("class")
    back.click()
    page.get_by_role("heading", name="Ross Geller").wait_for()
    assert back.is_disabled()


def test_all_of_it_works_with_the_keyboard(opened: Any) -> None:
    page = opened()
    choose(page, "Ross Geller")
    page.get_by_role("button", name="Graph").focus()
    page.keyboard.press("Enter")
    page.locator(".graph-list li").first.wait_for()
    page.get_by_role("button", name="Monica Geller").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Monica Geller").wait_for()
    assert page.evaluate("document.activeElement.id") == "graph-title"
    page.keyboard.press("Escape")
    assert page.locator("#graph").is_hidden() and page.get_by_label("Message", exact=True).is_visible()
    assert page.evaluate("document.activeElement.textContent") == "Graph"


def test_nobody_yet_and_nothing_known_are_said(opened: Any) -> None:
    page = graph(opened())
    page.locator(f'{NODES}[data-key="emily_waltham"]').click()
    page.get_by_role("heading", name="Emily Waltham").wait_for()
    page.get_by_role("button", name="Season 2").click()
    page.get_by_text("Emily Waltham isn’t known yet at S02E24.").wait_for()
    assert page.locator(".graph-list li").count() == 0
    choose(page, "Rachel Green")
    page.get_by_text("Nothing of Rachel Green is known up to S02E24.").wait_for()


def test_a_hostile_name_stays_text(opened: Any) -> None:
    page = opened()
    hostile = "<img src=x onerror=\"document.title='owned'\">"

    def renamed(route: Any) -> None:
        answer = route.fetch().json()
        answer["neighbours"][0]["name"] = answer["neighbours"][0]["facts"][0]["sentence"] = hostile
        route.fulfill(json=answer)

    page.route("**/graph?*", renamed)
    graph(page)
    assert hostile in around(page)
    assert page.locator("#graph img").count() == 0 and page.title() != "owned"


def test_without_motion_everything_is_there_at_once(opened: Any) -> None:
    page = graph(opened(reduced_motion="reduce"))
    assert page.locator(f"{NODES}.past").first.evaluate("(node) => node.style.opacity") == "1"


def test_a_phone_draws_fewer_and_scrolls_only_down(opened: Any) -> None:
    page = graph(opened(viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True))
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 360
    page.locator(f'{NODES}[data-key="monica_geller"]').tap()
    page.get_by_role("heading", name="Monica Geller").wait_for()
    page.get_by_role("button", name="Close").tap()
    assert page.get_by_label("Message", exact=True).is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_the_graph(opened: Any, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = graph(opened(color_scheme=scheme, reduced_motion="reduce"))
    found = Axe().run(page).response["violations"]
    serious = [(v["id"], [n["html"] for n in v["nodes"]]) for v in found if v["impact"] in {"serious", "critical"}]
    assert serious == []


def test_the_graph_speaks_russian(opened: Any) -> None:
    page = graph(opened())
    page.get_by_role("button", name="По-русски").click()
    page.get_by_text("Семья", exact=True).wait_for()
    assert page.get_by_role("button", name="Закрыть").is_visible()


def test_why_this_answer_opens_with_what_was_asked_and_considered(opened: Any) -> None:
    page = opened("<b>I</b> am married to Chandler.", "My brother is Ross.")
    choose(page, "Monica Geller")
    page.get_by_role("button", name="Season 2").click()
    say(page, "Who is your brother?")
    page.get_by_text("Why this answer").focus()
    page.keyboard.press("Enter")
    page.get_by_text("What was asked, as understood").wait_for()
    told = page.locator(".why-body").inner_text()
    assert "sibling" in told and "Chandler" not in told and "What became of it" in told
    assert page.locator(".why-body b").count() == 0
