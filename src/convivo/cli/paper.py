"""A page of the lab on paper: a Chromium that is on the machine prints it to PDF, led by Playwright.

Chromium's own `--print-to-pdf` lays a page out for a sheet of letter paper, whatever size the page asks for, so wide
screens come out as on a phone.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from convivo.errors import NotAvailable
from convivo.io.atomic import writing

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
ELSEWHERE = (  # where systems put it that have it on no path
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
QUIET = ["--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update"]
WIDTH, HEIGHT = 1280, 720  # of a sheet, in CSS pixels
LONGEST = 120_000  # milliseconds that the page may take until nothing in it loads any more


def print_page(page: str, out: Path) -> None:
    """Print a page of the lab, such as "slides?view=paper", to a PDF. Raises NotAvailable without a Chromium."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError as error:
        raise NotAvailable(
            "playwright, which leads the browser that prints, is not installed",
            fix="pip install 'convivo[pdf]'",
        ) from error
    browser = find_browser()
    sandbox = ["--no-sandbox"] if _is_root() else []  # Chromium refuses its sandbox to root
    with writing(out) as part, _lab() as address, sync_playwright() as playwright:
        try:
            chromium = playwright.chromium.launch(executable_path=browser, args=[*QUIET, *sandbox])
            sheet = chromium.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
            sheet.goto(f"{address}&page={quote(page)}")
            sheet.wait_for_load_state("networkidle", timeout=LONGEST)
            sheet.pdf(path=part, width=f"{WIDTH}px", height=f"{HEIGHT}px", print_background=True)
            chromium.close()
        except Error as error:
            said = error.message.splitlines()[0]
            raise NotAvailable(
                f"{Path(browser).name} did not print the page: {said}",
                fix="close other programs and try again, or print it from the browser's own menu",
            ) from error


def find_browser() -> str:
    """The program of a Chromium, under any of its names. Raises NotAvailable."""
    for name in (*BROWSERS, *ELSEWHERE):
        found = shutil.which(name)
        if found:
            return found
    raise NotAvailable(
        "no Chromium, Chrome or Edge was found, and one of them has to print the page",
        fix="install one, on Debian and Ubuntu: sudo apt install chromium",
    )


@contextmanager
def _lab() -> Iterator[str]:
    """A lab in a process of its own; its address."""
    command = [
        sys.executable,
        "-c",
        "from convivo.cli import main; main()",
        "lab",
        "--no-browser",
        "--port",
        "0",
    ]
    with (
        tempfile.TemporaryDirectory() as home,
        subprocess.Popen(  # noqa: S603
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=home,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "CONVIVO_HOME": home},
        ) as lab,
    ):
        try:
            said = lab.stdout.readline() if lab.stdout else ""
            if not said:
                raise NotAvailable("the lab did not start", fix="try `convivo lab`, which says why")
            yield said.split()[-1]
        finally:
            lab.terminate()


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0
