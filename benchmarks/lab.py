"""How fast the lab is: from the command to the page, and from a hand to the picture that follows it.

    python benchmarks/lab.py [--starts 5] [--moves 30] [--only WORD]

Needs Debian's Chromium, and a quiet machine. Every move is a key press on a control; it ends when the screen has drawn
the result that belongs to it (`web/src/parts/drawn.ts` counts) and the browser has laid the page out; the display shows
it with its next frame. A move that is not answered within ten seconds ends the run: no median hides it. No tool of the
field does this, so there is no peer.
"""

from __future__ import annotations

import argparse
import gzip
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, Page, Request, sync_playwright

from convivo.serve import PAGE

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]
BEFORE = 5  # moves that are not counted
# waits for the next drawing after the next key; gives milliseconds from the key to the page that is drawn and laid out
WATCH = """() => { window.moved = new Promise((done, late) => {
    let pressed = 0;
    addEventListener("keydown", () => { pressed = performance.now(); }, { once: true, capture: true });
    const watcher = new MutationObserver(() => {
        if (!pressed) return;
        watcher.disconnect();
        document.body.offsetHeight;
        done(performance.now() - pressed);
    });
    watcher.observe(document.body, { subtree: true, attributeFilter: ["data-drawn"] });
    setTimeout(() => late(new Error("not drawn within ten seconds")), 10000);
}); }"""


WITH_NET = "[data-drawn] [data-read]"  # there once the net has answered


def slider(label: str) -> str:
    """The selector of a slider."""
    return f"label:has-text('{label}') input[type=range]"


@dataclass(frozen=True, slots=True)
class Move:
    """One control of one screen, moved by keys."""

    name: str
    screen: str  # as it stands in the address
    control: str  # a selector
    bar: float  # milliseconds
    ready: str = ""  # a selector that is there once the screen is ready
    keys: tuple[str, str] = ("ArrowRight", "ArrowLeft")


MOVES = [
    Move("kernel bench: the frame", "kernel-bench", "[role=application]", 16),
    Move(
        "kernel bench: a weight",
        "kernel-bench",
        "[aria-label^='weight in row 1']",
        16,
        keys=("ArrowUp", "ArrowDown"),
    ),
    Move("filter stack: filters", "kernel-bench?tab=stack", "input[type=range]", 16),
    Move("pull the string: the position", "pull-the-string", "[role=slider]", 16),
    Move("star bench: a centre", "star-bench", "[role=application]", 16),
    Move("star bench: probability, crowded", "star-bench?tab=suppression", slider("probability"), 16),
    Move("star bench: overlap, crowded", "star-bench?tab=suppression", slider("overlap"), 16),
    Move("blind spot: noise", "blind-spot", slider("Noise added"), 16),
    Move("blind spot: correlation", "blind-spot", slider("Share of it"), 16),
    Move("needle field: foreground", "needle-field", slider("Foreground"), 16),
    Move("shift test: the shift", "shift-test", slider("Move the image"), 16),
    Move("shift test: the frame", "shift-test", "[role=application]", 16),
    Move("teach the kernel: steps", "teach-the-kernel", slider("Steps"), 16),
    Move("memory budget: halo", "memory-budget", slider("Halo"), 16),
    Move("split machine: tries of a race", "split-machine?tab=race", slider("Tries"), 16),
    Move(
        "scrambler: the mixing",
        "scrambler",
        "label:has-text('Scramble all') input",
        16,
        keys=("Space", "Space"),
    ),
    Move("two microscopes: the split", "two-microscopes", "[role=application]", 16, WITH_NET),
    Move("pull the string: influence (net)", "pull-the-string?tab=nets", "[role=application]", 150, WITH_NET),
    Move(
        "cut the wire: a skip (net)",
        "cut-the-wire",
        "button[aria-label^='cut the skip']",
        150,
        ready="[data-read=off-cut]",
        keys=("Enter", "Space"),
    ),
    Move("break it: exposure (net)", "break-it?dark=8", slider("Exposure"), 150, WITH_NET),
    Move("break it: noise (net)", "break-it", slider("Noise of the camera"), 150, WITH_NET),
    Move("break it: blur (net)", "break-it", slider("Blur"), 150, WITH_NET),
    Move("break it: size (net)", "break-it", slider("Size of objects"), 150, WITH_NET),
]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--moves", type=int, default=30)
    parser.add_argument("--only", default="", help="a word of the moves to measure")
    given = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        seconds, size = starts(browser, given.starts)
        row("from `convivo lab` to a usable page", seconds, 2, "s")
        row("first load of the page, gzip", size / 1000, 300, "kB")
        with lab() as address:
            page = opened(browser, address)
            for move in MOVES:
                if given.only in move.name:
                    row(move.name, measured(page, move, given.moves), move.bar, "ms")


def row(name: str, value: float, bar: float, unit: str) -> None:
    verdict = "met" if value < bar else "MISSED"
    print(f"{name:<48} {value:8.1f} {unit:<3} bar {bar:g} {unit:<3} {verdict}", flush=True)


def starts(browser: Browser, count: int) -> tuple[float, int]:
    """Median seconds from the command to a page with its heading, and bytes of what the first load fetches."""
    taken, size = [], 0
    for number in range(count + 1):  # the first warms the disk
        begun = time.perf_counter()
        with lab() as address:
            page = browser.new_page()
            asked: list[str] = []
            page.on("request", partial(note, asked))
            page.goto(address)
            page.get_by_role("heading", level=1).wait_for()
            if number:
                taken.append(time.perf_counter() - begun)
            page.wait_for_load_state("load")
            size = sum(compressed(url) for url in asked)
            page.close()
    return statistics.median(taken), size


def note(asked: list[str], request: Request) -> None:
    asked.append(request.url)


def compressed(url: str) -> int:
    """Bytes of a file of the page, compressed; what is no file (a list of images) counts as nothing."""
    file = PAGE / (url.split("/", 3)[3].split("#")[0] or "index.html")
    return len(gzip.compress(file.read_bytes())) if file.is_file() else 0


def measured(page: Page, move: Move, moves: int) -> float:
    """Median milliseconds of a move."""
    page.evaluate("to => { location.hash = '#/' + to }", move.screen)
    if move.ready:
        page.locator(move.ready).first.wait_for(timeout=60_000)
    control = page.locator(move.control).first
    control.wait_for()
    page.wait_for_timeout(1500)  # what the screen loads behind its first picture
    taken = []
    for number in range(moves + BEFORE):
        control.focus()
        page.evaluate(WATCH)
        page.keyboard.press(move.keys[number % 2])
        milliseconds: float = page.evaluate("window.moved")
        if number >= BEFORE:
            taken.append(milliseconds)
    return statistics.median(taken)


def opened(browser: Browser, address: str) -> Page:
    """The lab's page, at an ordinary size; the worker has loaded its net."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(address)
    page.get_by_role("heading", level=1).wait_for()
    page.wait_for_timeout(8000)
    return page


@contextmanager
def lab() -> Iterator[str]:
    """A lab in a process of its own, with an empty folder; gives its address."""
    with tempfile.TemporaryDirectory() as home:
        command = [str(Path(sys.executable).parent / "convivo"), "lab", "--no-browser", "--port", "0"]
        environment = {**os.environ, "CONVIVO_HOME": home, "PYTHONUNBUFFERED": "1"}
        with subprocess.Popen(
            command, env=environment, cwd=home, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as server:
            assert server.stdout is not None
            yield server.stdout.readline().split()[-1]
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
