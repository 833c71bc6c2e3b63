"""What every test of the page uses: where Chromium is, how it is started, and how one says something."""

import shutil
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WAIT = 15_000  # milliseconds
BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium: apt-get install chromium"),
]


def say(page: Any, text: str) -> None:
    """Type, press Enter, and wait until the answer's verdict is there."""
    before = page.locator(".evidence").count()
    page.get_by_label("Message", exact=True).fill(text)
    page.get_by_label("Message", exact=True).press("Enter")
    page.locator(".evidence").nth(before).wait_for()


def choose(page: Any, name: str) -> None:
    page.get_by_role("radio", name=name).check()
