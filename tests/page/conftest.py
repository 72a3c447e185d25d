"""The lab as a person meets it: a real server, and Debian's Chromium in front of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

expect.set_options(timeout=30_000)  # a loaded machine is no fault of the page
CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def lab_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a lab that runs in a process of its own, with an empty folder."""
    if CHROMIUM is None:
        pytest.skip("no Chromium here: apt install chromium")
    home = tmp_path_factory.mktemp("home")
    command = [Path(sys.executable).parent / "convivo", "lab", "--no-browser", "--port", "0"]
    environment = {**os.environ, "CONVIVO_HOME": str(home), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, env=environment, cwd=home, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield server.stdout.readline().split()[-1]
        server.terminate()


@pytest.fixture(scope="module")
def browser(lab_address: str) -> Iterator[Browser]:
    """A browser for a file of tests; closed behind it: its loop would stop tests that have their own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, lab_address: str) -> Iterator[Page]:
    """The opened lab, at 1440 x 900. No error may appear in its console, and no host but the lab may be asked."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(60_000)
    said: list[str] = []
    page.expected_errors = []  # words of console errors that a test brings about on purpose
    asked: set[str] = set()
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.add(request.url.split("/")[2]))
    page.goto(lab_address)
    page.get_by_role("heading", level=1).wait_for()
    yield page
    context.close()
    assert [text for text in said if not any(word in text for word in page.expected_errors)] == []
    assert {host for host in asked if host} <= {lab_address.split("/")[2]}
