"""A real lab in a process of its own, and a client that asks it as the page does."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

LONG = 60.0  # seconds after which a test gives up


class RefusedError(Exception):
    """What the lab refused."""

    def __init__(self, status, said):
        super().__init__(f"{status}: {said}")
        self.status, self.problem, self.fix = status, said["problem"], said["fix"]


class Served:
    """A lab that runs."""

    def __init__(self, home, *folders, limit=None):
        self.home, self.folders, self.limit = Path(home), folders, limit
        self.start()

    def start(self, port="0"):
        """Start the server, and wait until it is there; 0 is any port that is free."""
        environment = {
            **os.environ,
            "CONVIVO_HOME": str(self.home),
            "PYTHONUNBUFFERED": "1",
            "OMP_NUM_THREADS": "1",
        }
        command = [
            sys.executable,
            "-c",
            "from convivo.cli import main; main()",
            "lab",
            "--no-browser",
            "--port",
            port,
        ]
        self.process = subprocess.Popen(
            [*command, *map(str, self.folders)],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=self.limit,
        )
        first = self.process.stdout.readline()
        if not first:
            said = self.process.stderr.read()
            self._gone()
            raise RuntimeError(said)
        self.address, self.token = first.split()[-1].split("/#token=")
        self.host = self.address.removeprefix("http://")

    def kill(self):
        """End it as a power cut does."""
        self.process.kill()
        self._gone()

    def end(self):
        """End it as Ctrl-C does."""
        self.process.send_signal(signal.SIGINT)
        self._gone()

    def _gone(self):
        self.process.wait(LONG)
        self.process.stdout.close()
        self.process.stderr.close()

    def ask(self, method, path, body=None, headers=None, host=None):
        """Status, headers and body of any request."""
        connection = http.client.HTTPConnection(self.host, timeout=LONG)
        sent = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        given = (
            {"Host": host or self.host, "Authorization": f"Bearer {self.token}"}
            if headers is None
            else headers
        )
        connection.request(method, path, sent, given)
        reply = connection.getresponse()
        answer = reply.status, dict(reply.getheaders()), reply.read()
        connection.close()
        return answer

    def get(self, path):
        """JSON of something."""
        return self._said("GET", path)

    def post(self, path, body=None):
        """JSON of what came of it."""
        return self._said("POST", path, body)

    def _said(self, method, path, body=None):
        status, _, text = self.ask(method, f"/api/{path}", body)
        said = json.loads(text) if text else None
        if status >= 400:
            raise RefusedError(status, said)
        return said

    def start_job(self, **order):
        """The number of a job that was ordered."""
        return self.post("jobs", order)["id"]

    def ask_away(self, name):
        """Take a job off the list."""
        self._said("DELETE", f"jobs/{name}")

    def job(self, name):
        """A job as the page sees it."""
        return self.get(f"jobs/{name}")["job"]

    def until(self, name, wanted, seconds=LONG):
        """The job once what is wanted of it holds: a state, or a function of it."""
        is_so = wanted if callable(wanted) else lambda job: job["state"] == wanted
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            job = self.job(name)
            if is_so(job):
                return job
            time.sleep(0.05)
        raise AssertionError(f"not reached: {job}")

    def events(self, name, kind=None):
        """What happened to a job, of one kind."""
        found = [each["told"] for each in self.get(f"jobs/{name}/events")["events"]]
        return [each for each in found if kind is None or each["type"] == kind]
