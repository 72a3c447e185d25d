"""How runs are started, stopped and counted; what becomes of them when processes die; what there is without a room.

The runner of these tests is not warmed: it is there within a second, and their programs use no torch.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time

import psutil
import pytest

from convivo.course.checks import LearnerFailed
from convivo.course.runner import alone
from convivo.course.runner import runner as runners
from convivo.course.runner.program import Ended, Limits, Printed, Program, Raised, Ready
from convivo.course.runner.runner import Runner

ENDLESS = "print('begun')\nwhile True: pass\n"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="how processes are forked is Linux's")


@pytest.fixture(scope="module")
def cold():
    with Runner(cores=1, warm=False) as runner:
        yield runner


def first(run):
    return next(iter(run.events()))


def test_text_comes_while_the_program_runs_and_a_stop_works_at_once(cold):
    with cold.start(Program(ENDLESS), Limits(cpu=60, wall=60)) as run:
        assert first(run) == Printed("begun\n")
        begun = time.monotonic()
        run.stop()
        assert [event.reason for event in run.events()] == ["stopped"]
        assert time.monotonic() - begun < 1


def test_others_wait_in_the_order_in_which_they_came(cold):
    with cold.start(Program(ENDLESS), Limits(cpu=60, wall=60)) as busy:
        first(busy)
        runs = [cold.start(Program("import time; print(time.monotonic())")) for _ in range(4)]
        runs[1].stop()
        assert list(runs[1].events())[-1].reason == "stopped"
        assert [run.ended is None for run in runs] == [True, False, True, True]
        busy.stop()
        began = [float(first(run).text) for number, run in enumerate(runs) if number != 1]
    assert began == sorted(began)


def test_a_slow_call_is_told_and_the_next_one_answered(cold):
    source = "import time\ndef slow():\n    time.sleep(9)\ndef quick():\n    return 1\n"
    with cold.start(Program(source, answers=True)) as run:
        list(run.events())
        with pytest.raises(LearnerFailed, match=r"`slow` took longer than 0\.2 seconds"):
            run.call("slow", seconds=0.2)
        assert run.call("quick") == 1


def test_a_call_that_cannot_be_interrupted_ends_the_run(cold):
    source = (
        "import signal\n"
        "def stubborn():\n"
        "    signal.signal(signal.SIGALRM, signal.SIG_IGN)\n"
        "    while True: pass\n"
    )
    with cold.start(Program(source, answers=True)) as run:
        list(run.events())
        with pytest.raises(LearnerFailed, match="The program was ended"):
            run.call("stubborn", seconds=0.1)
        with pytest.raises(LearnerFailed, match="The program was ended"):
            run.call("stubborn", seconds=0.1)
        assert run.ended.reason == "wall"


def test_what_is_printed_in_calls_can_be_asked_for_afterwards(cold):
    with cold.start(Program("def say():\n    print('said')", answers=True)) as run:
        assert isinstance(list(run.events())[-1], Ready)
        run.call("say")
        assert list(run.events()) == [Printed("said\n")]
    assert list(run.events())[-1] == run.ended


def test_a_program_that_cannot_be_read_is_told_with_its_line(cold):
    with cold.start(Program("x = 1\nif x\n", answers=True)) as run:
        raised, ended = run.events()
    assert (raised.kind, raised.line, ended.reason) == ("SyntaxError", 2, "error")


def test_input_is_answered_with_words(cold):
    with cold.start(Program("input('name? ')")) as run:
        raised = next(event for event in run.events() if isinstance(event, Raised))
    assert "Nobody can type" in raised.message


def test_output_below_python_comes_out_too(cold):
    with cold.start(Program("import subprocess; subprocess.run(['/bin/echo', 'from below'])")) as run:
        events = list(run.events())
    assert events[0] == Printed("from below\n")


def test_a_run_that_leaves_without_a_word_is_told(cold):
    with cold.start(Program("import os; os._exit(0)")) as run:
        assert "ended Python itself" in list(run.events())[-1].sentence
    with cold.start(Program("import ctypes; ctypes.string_at(0)")) as run:
        assert "crashed (SIGSEGV)" in list(run.events())[-1].sentence


def test_nothing_of_ours_stands_in_the_environment(cold, monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "the password")
    with Runner(warm=False) as runner, runner.start(Program("import os; print(os.environ)")) as run:
        text = "".join(event.text for event in run.events() if isinstance(event, Printed))
    assert "HOME" in text
    assert "the password" not in text


def test_a_warmed_process_that_died_is_started_anew():
    with Runner(warm=False) as runner:
        with runner.start(Program(ENDLESS), Limits(cpu=60, wall=60)) as run:
            first(run)
            runner._ready()._process.kill()
            assert list(run.events())[-1].reason == "killed"
        with runner.start(Program("print('well')")) as run:
            assert first(run) == Printed("well\n")


def test_a_slow_warming_up_takes_none_of_a_programs_time(monkeypatch):
    made = runners._house

    def slowly(*, warm):
        time.sleep(1.5)
        return made(warm=warm)

    monkeypatch.setattr(runners, "_house", slowly)
    with (
        Runner(warm=False) as runner,
        runner.start(Program("import time; time.sleep(0.4)"), Limits(wall=1)) as run,
    ):
        assert list(run.events())[-1].reason == "done"


def test_nothing_outlives_a_parent_that_is_killed():
    script = (
        "import time\n"
        "from convivo.course.runner.runner import Runner\n"
        "from convivo.course.runner.program import Limits, Program\n"
        "with Runner(warm=False) as runner:\n"
        f"    run = runner.start(Program({ENDLESS!r}), Limits(cpu=99, wall=99))\n"
        "    next(iter(run.events()))\n"
        "    print('runs', flush=True)\n"
        "    time.sleep(99)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout.readline() == "runs\n"
        descendants = psutil.Process(parent.pid).children(recursive=True)
        assert len(descendants) >= 2
        parent.kill()
    _, alive = psutil.wait_procs(descendants, timeout=5)
    assert not alive


def test_closing_ends_everything():
    before = set(psutil.Process().children(recursive=True))
    with Runner(warm=False) as runner:
        run = runner.start(Program(ENDLESS), Limits(cpu=60, wall=60))
        first(run)
    assert run.ended.reason == "stopped"
    _, alive = psutil.wait_procs(set(psutil.Process().children(recursive=True)) - before, timeout=5)
    assert not alive


REFUSED = """
from pathlib import Path
from convivo.course.runner.runner import Runner
from convivo.course.runner.program import Program
import convivo
with Runner(warm=False) as runner:
    print(runner.isolation.level, "|", runner.isolation.because)
    for source in (
        "import os; open('mine', 'w').write('yes'); print(open('mine').read())",
        "open({secret!r})",
        f"import os; os.listdir({{str(Path(convivo.__file__).parent / 'course')!r}})",
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import os; os.setsid()",
        "open('/tmp/convivo-was-here', 'w')",
        "import os, time\\nfor _ in range(60):\\n    if os.fork() == 0:\\n        if os.fork() == 0: time.sleep(9)\\n"
        "        os._exit(0)\\ntime.sleep(9)",
    ):
        with runner.start(Program(source)) as run:
            event = next(iter(run.events()))
            print((getattr(event, "text", "") or getattr(event, "kind", "") or event.sentence).strip())
"""


@pytest.mark.skipif(shutil.which("unshare") is None, reason="needs the command unshare")
def test_where_the_system_refuses_a_room_it_is_said_and_the_other_walls_stand(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("the password")
    script = REFUSED.format(secret=str(secret))
    forbid = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"'
    command = [
        "unshare",
        "--user",
        "--map-root-user",
        "sh",
        "-c",
        forbid,
        "sh",
        sys.executable,
        "-c",
        script,
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    if "unshare failed" in done.stderr or "max_user_namespaces" in done.stderr:
        pytest.skip(done.stderr)
    told, *answers = done.stdout.splitlines()
    assert told.startswith("0 | this system refused a room of its own to a run (unshare: No space left")
    assert answers[:-1] == ["yes", *["PermissionError"] * 5]
    # there the system does not count the processes of a run apart from other ones: we do
    assert answers[-1].startswith("The program was ended: it started more processes")


def test_without_a_warmed_process_a_run_is_a_python_of_its_own(monkeypatch):
    monkeypatch.setattr(runners, "_house", lambda *, warm: alone.Alone())
    with Runner() as runner:
        assert runner.isolation.level == 0
        assert "your files: it can read and change what you can" in runner.isolation.not_contained
        source = "print('here')\ndef double(x):\n    return 2 * x\ndef endless():\n    while True: pass\n"
        with runner.start(Program(source, answers=True), Limits(cpu=0.5)) as run:
            events = list(run.events())
            assert events[0] == Printed("here\n")
            assert isinstance(events[-1], Ready)
            assert run.call("double", 21) == 42
            with pytest.raises(LearnerFailed, match=r"computed for 0\.5 seconds"):
                run.call("endless")
        assert isinstance(run.ended, Ended)


def test_torch_trains_on_two_threads(ran):
    source = (
        "import torch\n"
        "net = torch.nn.Conv2d(1, 8, 3, padding=1)\n"
        "adam = torch.optim.Adam(net.parameters())\n"
        "x = torch.rand(4, 1, 128, 128)\n"
        "for _ in range(3):\n"
        "    adam.zero_grad(); net(x).square().mean().backward(); adam.step()\n"
        "import os; print(torch.get_num_threads(), len(os.listdir('/proc/self/task')))\n"
    )
    printed = ran(source, Limits(threads=2))[0]
    assert printed == Printed("2 2\n")


def test_functions_for_stars_need_not_be_compiled_in_a_run(ran):
    source = (
        "import numpy as np, time\n"
        "from convivo.ops.stars import candidates, distances, paint, probability, suppress\n"
        "begun = time.process_time()\n"
        "labels = np.zeros((60, 60), np.int64)\n"
        "labels[5:30, 5:30] = 1\n"
        "radii = distances.star_distances(labels, 16)\n"
        "found = candidates.candidates(probability.object_probability(labels), radii, 0.5, (0, 0), (1, 1))\n"
        "paint.paint(suppress.suppress(found, 0.5), labels.shape)\n"
        "print(time.process_time() - begun < 0.5)\n"
    )
    assert ran(source)[0] == Printed("True\n")
