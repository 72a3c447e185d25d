"""How long until other thresholds have their objects: a real lab, asked as the page asks.

    python benchmarks/lab_thresholds.py [--objects 1000] [--side 1024] [--times 20]

A simulated image of so many nuclei is looked at once, then decided again under other settings each time, without the
net. What is timed is from the request to the last byte of the answer: objects, their table, and the label map.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import msgspec
import tifffile
from peers import hardware

from convivo.ops.simulate import Microscope, Scene, simulate

MODELS = {
    "nuclei": lambda number: {"prob": 0.3 + number / 50, "nms": 0.3 + number / 100},
    "nuclei-unet": lambda number: {"foreground": 0.3 + number / 50},
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--objects", type=int, default=1000)
    parser.add_argument("--side", type=int, default=1024)
    parser.add_argument("--times", type=int, default=20)
    asked = parser.parse_args()
    print(hardware(), "load", *(f"{load:.1f}" for load in os.getloadavg()))
    with tempfile.TemporaryDirectory() as folder:
        scene = Scene(shape=(asked.side, asked.side), nuclei=asked.objects, diameter=22.0)
        tifffile.imwrite(Path(folder) / "crowd.tif", simulate(scene, Microscope(), seed=1).image)
        command = [sys.executable, "-c", "from convivo.cli import main; main()", "lab", "--no-browser"]
        environment = {**os.environ, "CONVIVO_HOME": f"{folder}/home", "PYTHONUNBUFFERED": "1"}
        with subprocess.Popen(
            [*command, "--port", "0", folder], env=environment, stdout=subprocess.PIPE, text=True
        ) as server:
            assert server.stdout is not None
            address = server.stdout.readline().split()[-1]
            for model in MODELS:
                measure(address, model, asked.times)
            server.terminate()


def measure(address: str, model: str, times: int) -> None:
    """Look once, decide so many times, print medians."""
    host, token = address.removeprefix("http://").split("/#token=")
    connection = http.client.HTTPConnection(host)
    question: dict[str, object] = {"image": {"root": 1, "path": "crowd.tif"}, "model": f"shipped:{model}"}
    first, _ = ask(connection, token, "look", question)
    ask(connection, token, "decide", {**question, "settings": MODELS[model](0)})
    taken, found = [], []
    for number in range(times):
        seconds, answer = ask(connection, token, "decide", {**question, "settings": MODELS[model](number)})
        taken.append(seconds)
        found.append(answer["objects"]["label"]["shape"][0])
    print(
        f"{model}: first look {first:.2f} s; decided again in {1000 * statistics.median(taken):.0f} ms "
        f"(median of {times}; {1000 * min(taken):.0f} to {1000 * max(taken):.0f}), {min(found)} to {max(found)} objects"
    )


def ask(
    connection: http.client.HTTPConnection, token: str, name: str, question: dict[str, object]
) -> tuple[float, dict[str, dict[str, dict[str, list[int]]]]]:
    """Seconds until the answer was there, and the answer."""
    started = perf_counter()
    headers = {"Authorization": f"Bearer {token}"}
    connection.request("POST", f"/api/ask/{name}", json.dumps(question), headers)
    reply = connection.getresponse()
    body = reply.read()
    seconds = perf_counter() - started
    if reply.status != 200:
        raise SystemExit(body.decode())
    return seconds, msgspec.msgpack.decode(body)


if __name__ == "__main__":
    main()
