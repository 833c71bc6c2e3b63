"""Takes the screenshots of README: the page over a running service, in Chromium.

    python -m app friends &
    PYTHONPATH=. python tests/app/take_screenshots.py http://127.0.0.1:8000 docs

Run the service without `build/<show>/utterances.parquet`: a picture for the repository shows no line of a script.
"""

import sys
from pathlib import Path
from typing import Any

from chromium import ARGUMENTS, CHROMIUM, choose, say
from playwright.sync_api import Page, sync_playwright

WIDE = {"viewport": {"width": 1280, "height": 860}}
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}


def main(address: str, folder: Path) -> None:
    """Write page-desktop.png, page-phone.png, page-dark.png and page-graph.png."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))

        def opened(**context: Any) -> Page:
            page = browser.new_context(**context).new_page()
            page.set_default_timeout(60_000)
            page.goto(address)
            page.locator(".question:not([disabled])").first.wait_for()
            return page

        desktop(opened(**WIDE)).screenshot(path=folder / "page-desktop.png")
        dark(opened(**WIDE, color_scheme="dark")).screenshot(path=folder / "page-dark.png")
        phone(opened(**PHONE)).screenshot(path=folder / "page-phone.png")
        graph(opened(**WIDE)).screenshot(path=folder / "page-graph.png")
        browser.close()


def desktop(page: Page) -> Page:
    """Monica, before and after her wedding; two conversations that went before."""
    for name, question in (("Phoebe Buffay", "Do you have a sister?"), ("Joey Tribbiani", "Who is your roommate?")):
        choose(page, name)
        say(page, question)
    choose(page, "Monica Geller")
    season(page, 2, back=19)
    say(page, "Who is your husband?")
    season(page, 8)
    say(page, "Who is your husband?")
    page.locator(".fact summary").last.click()
    return settled(page)


def dark(page: Page) -> Page:
    """Ross, a fact and something he can't know."""
    choose(page, "Ross Geller")
    season(page, 5)
    say(page, "Who is your sister?")
    say(page, "Who will win the next election in France?")
    page.locator(".fact summary").first.click()
    return settled(page)


def phone(page: Page) -> Page:
    """Joey on a small screen."""
    say(page, "What do you do for a living?")
    page.locator(".fact summary").first.click()
    return settled(page, end=False)


def graph(page: Page) -> Page:
    """What is around Ross after the eighth season."""
    choose(page, "Ross Geller")
    season(page, 8)
    page.get_by_role("button", name="Graph").click()
    page.locator(".graph-list li").first.wait_for()
    return settled(page, end=False)


def season(page: Page, number: int, back: int = 0) -> None:
    """Move to the end of a season, and some episodes back."""
    page.get_by_role("button", name=f"Season {number}", exact=True).click()
    for _ in range(back):
        page.get_by_role("button", name="One episode back").click()


def settled(page: Page, end: bool = True) -> Page:
    """Wait until everything has faded in, and move the pointer away."""
    page.mouse.move(4, 4)
    page.wait_for_timeout(2_500)
    if end:
        page.locator("#scroll").evaluate("(box) => { box.scrollTop = box.scrollHeight; }")
    page.wait_for_timeout(200)
    return page


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
