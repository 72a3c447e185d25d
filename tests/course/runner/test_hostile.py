"""What a hostile program may try: each attempt is contained, told in words, and the next run is as well as ever.

The system must have given runs a room of their own (level 1); where it does not, these tests say so and are skipped.
"""

from __future__ import annotations

import os
import socket
import sqlite3
import time
from pathlib import Path

import numpy as np
import psutil
import pytest

import convivo
from convivo.course.checks import Held, LearnerFailed, compared
from convivo.course.runner.linux import rooms
from convivo.course.runner.program import Ended, Limits, Printed, Program, Raised, Ready
from convivo.course.runner.runner import Runner


@pytest.fixture(autouse=True)
def _next_run_is_well(runner: Runner, ran):
    if runner.isolation.level == 0:
        pytest.skip(runner.isolation.because)
    yield
    assert [event for event in ran("print(6 * 7)") if isinstance(event, Printed)] == [Printed("42\n")]


def printed(events) -> str:
    return "".join(event.text for event in events if isinstance(event, Printed))


def raised(events) -> Raised:
    return next(event for event in events if isinstance(event, Raised))


def ended(events) -> Ended:
    assert isinstance(events[-1], Ended)
    return events[-1]


def descendants() -> set[psutil.Process]:
    return set(psutil.Process().children(recursive=True))


def secret(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "secret.txt"
    path.write_text("the password")
    return path


def test_files_of_ours_are_not_there(ran, tmp_path):
    path = secret(tmp_path)
    told = raised(ran(f"print(open({str(path)!r}).read())"))
    assert told.kind == "FileNotFoundError"
    assert "sees its own empty folder" in told.message


def test_the_home_folder_is_an_empty_one(ran):
    assert printed(
        ran("import os; from pathlib import Path; print(Path.home(), os.listdir(Path.home()))")
    ) == ("/yours []\n")
    home = Path.home()
    seen = printed(
        ran(f"import os; print(sorted(os.listdir({str(home)!r})) if os.path.exists({str(home)!r}) else [])")
    )
    shown = {
        Path(part).relative_to(home).parts[0] for part in _of_python() if Path(part).is_relative_to(home)
    }
    assert seen == f"{sorted(shown)}\n"


def _of_python() -> list[str]:
    import sys

    return [sys.prefix, sys.base_prefix, str(Path(convivo.__file__).parent)]


def test_checks_and_solutions_cannot_be_seen(ran):
    course = Path(convivo.__file__).parent / "course"
    events = ran(f"import os; print(os.listdir({str(course)!r}))\nimport convivo.course.exercises")
    assert printed(events) == "[]\n"
    assert raised(events).kind == "ModuleNotFoundError"
    assert "checks and solutions stand elsewhere" in raised(events).message


def test_no_room_of_ours_is_in_the_memory_of_a_run(ran):
    modules = printed(
        ran("import sys; print(*(n for n in sys.modules if n.startswith(('convivo.course', 'convivo.lab'))))")
    ).split()
    ours = {"convivo.course", "convivo.course.checks"}
    assert [
        name for name in modules if name not in ours and not name.startswith("convivo.course.runner")
    ] == []


def test_checks_cannot_be_seen_through_a_link_either():
    link = rooms.Bound(Path("/home/me/.venv/lib"), Path("/opt/venv/lib"))
    other = rooms.Bound(Path("/usr/lib"), Path("/usr/lib"))
    hidden = Path("/opt/venv/lib/site-packages/convivo/course")
    assert rooms.places(hidden, (link, other)) == [hidden, link.path / "site-packages/convivo/course"]


def test_only_its_own_ends_are_open(ran):
    listed = "import os; ends = os.listdir('/proc/self/fd'); print(sorted(ends)[:4], len(ends))"
    assert printed(ran(listed)) == "['0', '1', '2', '3'] 5\n"  # the fifth is the folder that is being listed


def test_the_database_of_the_lab_cannot_be_opened(ran, tmp_path, monkeypatch):
    monkeypatch.setenv("CONVIVO_HOME", str(tmp_path))
    path = tmp_path / "lab" / "lab.sqlite"
    path.parent.mkdir()
    sqlite3.connect(path).close()
    events = ran(
        f"import os, sqlite3; print(dict(os.environ)); sqlite3.connect({str(path)!r}).execute('select 1')"
    )
    assert "CONVIVO_HOME" not in printed(events)
    assert raised(events).kind == "OperationalError"


def test_another_learner_s_files_and_processes_are_not_there(runner: Runner, ran):
    with runner.start(
        Program("open('/yours/mine', 'w').write('x'); open('/dev/shm/mine', 'w')", answers=True)
    ) as other:
        assert isinstance(list(other.events())[-1], Ready)
        look = (
            "import os\n"
            "print(os.listdir('/yours'), os.listdir('/dev/shm'), [n for n in os.listdir('/proc') if n.isdigit()])\n"
            "print(os.listdir('/.host'), sorted(os.listdir('/proc/1/root')) == sorted(os.listdir('/')))\n"
        )
        assert printed(ran(look)) == "[] [] ['1']\n[] True\n"


def test_there_is_no_network(ran):
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as abstract:
        abstract.bind("\0convivo-test")
        abstract.listen()
        abstract.settimeout(0)
        server.settimeout(0)
        told = raised(
            ran(f"import socket; socket.create_connection(('127.0.0.1', {server.getsockname()[1]}), 1)")
        )
        assert (told.kind, "no network" in told.message) == ("PermissionError", True)
        told = raised(ran("import socket; socket.socket(socket.AF_UNIX).connect('\\0convivo-test')"))
        assert told.kind in ("ConnectionRefusedError", "PermissionError")
        for listening in (server, abstract):
            with pytest.raises(BlockingIOError):
                listening.accept()


def test_a_name_on_the_internet_is_not_found_and_that_is_said(ran):
    assert (
        "There is no network here"
        in raised(ran("import urllib.request as u; u.urlopen('http://example.org')")).message
    )


def test_a_fork_bomb_stays_small_and_ends(runner: Runner):
    bomb = "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass\n"
    before = descendants()
    with runner.start(Program(bomb), Limits(cpu=1, wall=2)) as run:
        most = 0
        while run.ended is None:
            most = max(most, len(descendants() - before))
            time.sleep(0.1)
    assert run.ended.reason in ("cpu", "wall")
    assert 2 < most < 30
    assert descendants() <= before


def test_that_no_more_processes_can_be_started_is_said(ran):
    told = raised(
        ran("import os, time\nwhile True:\n    if os.fork() == 0:\n        time.sleep(9)\n", Limits(wall=9))
    )
    assert told.kind == "BlockingIOError"
    assert "few processes" in told.message


@pytest.mark.parametrize(
    "source",
    [
        "import numpy as np; np.ones(10 * 2**30, np.uint8)",
        "import torch; torch.ones(10 * 2**30, dtype=torch.uint8)",
        "held = []\nwhile True: held.append(bytearray(2**20))",
    ],
)
def test_ten_gigabytes_are_refused(ran, source):
    events = ran(source, Limits(memory=200))
    assert "more memory than a run may take" in raised(events).message
    assert ended(events).reason == "memory"
    assert "200 MB" in ended(events).sentence


def test_many_processes_get_no_more_memory_than_one(ran):
    source = (
        "import os, time\n"
        "for _ in range(8):\n"
        "    if os.fork() == 0:\n"
        "        a = bytearray(80 * 2**20); time.sleep(9)\n"
        "time.sleep(9)"
    )
    assert ended(ran(source, Limits(memory=200, wall=5))).reason == "memory"


def test_memory_outside_of_a_process_is_refused(ran):
    told = raised(ran("import os; os.memfd_create('hidden')"))
    assert told.kind == "PermissionError"


def test_an_endless_loop_ends_even_where_it_catches_everything(ran):
    source = "while True:\n    try:\n        while True: pass\n    except BaseException: pass\n"
    end = ended(ran(source, Limits(cpu=0.4, wall=9)))
    assert end.reason == "cpu"
    assert "a loop that does not end" in end.sentence
    assert ended(ran("import time; time.sleep(99)", Limits(wall=0.3))).reason == "wall"


def test_threads_and_processes_share_one_limit_of_processor_time(ran):
    source = (
        "import os, time\nfor _ in range(3):\n    if os.fork() == 0:\n        while True: pass\ntime.sleep(9)"
    )
    assert ended(ran(source, Limits(cpu=0.5, wall=9))).reason == "cpu"


@pytest.mark.parametrize(
    "source",
    [
        "while True: print('x' * 1000)",
        "import os\nwhile True: os.write(1, b'x' * 100_000)",
        "import os\nwhile True: os.write(2, b'\\xff' * 100_000)",
        "from convivo.course import show; import numpy as np\nwhile True: show(np.zeros((1000, 1000)))",
    ],
)
def test_a_flood_of_output_is_cut(ran, source):
    events = ran(source, Limits(output=5000))
    assert ended(events).reason == "output"
    assert "5000 characters" in ended(events).sentence
    assert len(printed(events)) <= 5000


def test_nobody_outside_can_be_killed(runner: Runner, ran):
    warmed = runner._ready()
    source = (
        "import os\n"
        f"for victim in ({os.getpid()}, {warmed._process.pid}, os.getppid(), -1):\n"
        "    try:\n        os.kill(victim, 9); print('sent')\n"
        "    except OSError as error: print(type(error).__name__)\n"
    )
    # parent 0 is one's own group: it takes the run itself, and nobody else
    events = ran(source)
    assert printed(events) in (
        "ProcessLookupError\n" * 2,
        "ProcessLookupError\n" * 2 + "sent\n" * 2,
        "ProcessLookupError\n" * 2 + "sent\nProcessLookupError\n",
    )
    assert runner._ready() is warmed


def test_other_processes_cannot_be_watched(ran):
    source = (
        "import ctypes, os, time\n"
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        "child = os.fork()\n"
        "if child == 0: time.sleep(9)\n"
        "print(libc.ptrace(16, child, 0, 0), ctypes.get_errno())\n"
        "print(libc.process_vm_readv(child, 0, 0, 0, 0, 0), ctypes.get_errno())\n"
        "for call in (libc.unshare, libc.setns): print(call(0x10000000, 0), ctypes.get_errno())\n"
        "print(libc.mount(b'none', b'/yours', b'tmpfs', 0, None), ctypes.get_errno())\n"
        "print(libc.syscall(321, 0, 0, 0), ctypes.get_errno())\n"
    )
    assert printed(ran(source)) == "-1 1\n" * 6


def test_links_lead_nowhere(ran, tmp_path):
    path = secret(tmp_path / "elsewhere")
    data = tmp_path / "data"
    data.mkdir()
    (data / "link").symlink_to(path)
    (data / "real").write_text("yes")
    events = ran(
        "import os\n"
        "folder = os.environ['CONVIVO_DATA']\n"
        "print(open(folder + '/real').read())\n"
        f"os.symlink({str(path)!r}, 'mine')\n"
        "for name in ('mine', folder + '/link', folder + '/../elsewhere/secret.txt'):\n"
        "    try: print(open(name).read())\n"
        "    except OSError as error: print(type(error).__name__)\n"
        "open(folder + '/real', 'w')\n",
        data=data,
    )
    assert printed(events) == "yes\n" + "FileNotFoundError\n" * 3
    assert "writes into its own folder only" in raised(events).message
    assert (data / "real").read_text() == "yes"


def test_an_object_that_runs_code_when_unpickled_stays_an_object(runner: Runner, tmp_path):
    mark = tmp_path / "mark"
    source = (
        "import numpy as np, os\n"
        "class Evil:\n"
        f"    def __reduce__(self): return os.system, ('touch {mark}',)\n"
        "def alone(): return Evil()\n"
        "def many(): return np.array([Evil()], dtype=object)\n"
        "class Number(float):\n    def __reduce__(self): return os.system, ('false',)\n"
        "def number(): return [Number(2.0)]\n"
    )
    with runner.start(Program(source, answers=True)) as run:
        list(run.events())
        assert run.call("alone") == Held(0, "Evil")
        assert run.call("many") == Held(1, "ndarray")
        assert run.call("number") == [Held(2, "Number")]
    assert not mark.exists()


def test_who_bends_numpy_does_not_bend_our_judgement(runner: Runner):
    source = (
        "import numpy as np, builtins\n"
        "np.allclose = np.isclose = np.array_equal = lambda *a, **k: True\n"
        "np.testing.assert_allclose = lambda *a, **k: None\n"
        "builtins.abs = lambda x: 0\n"
        "class Agreeing(np.ndarray):\n"
        "    def __eq__(self, other): return True\n"
        "    def __sub__(self, other): return 0\n"
        "def blur(image): return np.zeros_like(image).view(Agreeing)\n"
    )
    with runner.start(Program(source, answers=True)) as run:
        list(run.events())
        answer = compared(
            run.call("blur", np.ones((3, 3))), np.ones((3, 3)), given=None, right="yes", wrong="no"
        )
    assert (answer.passed, answer.sentence) == (False, "no")


def test_libraries_cannot_be_changed(ran):
    for place in ("numpy.__file__", "torch.__file__", "'/usr/lib/new'", "'/etc/passwd'", "'/new'"):
        told = raised(ran(f"import numpy, torch\nopen({place}, 'a')"))
        assert told.kind in ("OSError", "PermissionError")
        assert "writes into its own folder only" in told.message


def test_proc_leads_to_oneself_alone(ran):
    source = (
        "import os\n"
        f"for path in ('/proc/{os.getpid()}/environ', '/proc/sys/kernel/core_pattern', '/proc/sysrq-trigger'):\n"
        "    try:\n"
        "        with open(path, 'r+') as file: print(path, file.read()[:1])\n"
        "    except OSError as error: print(type(error).__name__)\n"
        "print(open('/proc/self/environ').read().count('SECRET'))\n"
    )
    os.environ["SECRET_TOKEN"] = "SECRET"
    assert printed(ran(source)).splitlines()[0] == "FileNotFoundError"
    assert set(printed(ran(source)).splitlines()[1:]) <= {
        "PermissionError",
        "OSError",
        "0",
        "FileNotFoundError",
    }


def test_a_file_without_end_and_files_without_number_are_refused(ran):
    told = raised(
        ran("with open('big', 'wb') as file:\n    while True: file.write(b'x' * 2**20)\n", Limits(files=4))
    )
    assert told.kind == "OSError"
    told = raised(ran("for n in range(10**6): open(f'{n}', 'wb').write(b'x' * 2**20)\n", Limits(files=4)))
    assert "The folder of a run is full" in told.message
    told = raised(ran("for n in range(10**6): open(f'{n}', 'w').close()\n"))
    assert "The folder of a run is full" in told.message


@pytest.mark.parametrize(
    "forged",
    [
        "b'\\xff' * 4096",
        "struct.pack('<II', 9, 0) + b'[1, 2, 3]'",
        "struct.pack('<IIQ', 2, 1, 2**40) + b'{}'",
        "message({'print': 7})",
        "message({'figure': {'array': ['|O', [1]]}}, b'x' * 8)",
        "message({'show': {'array': ['<f8', [10**9, 10**9]]}}, b'x' * 8)",
        "message({'show': {'array': ['<f8', [-1, -1]]}}, b'x' * 8)",
        "message({'raised': {'kind': 1}})",
        "message({'ready': 10**400})",
        "message({'ready': float('nan')})",
        "struct.pack('<II', 200_000, 0) + b'[' * 200_000",
    ],
)
def test_forged_messages_end_the_run_that_sent_them(ran, forged):
    source = (
        "import json, os, struct, time\n"
        "def message(said, *blocks):\n"
        "    text = json.dumps(said).encode()\n"
        "    sizes = b''.join(struct.pack('<Q', len(block)) for block in blocks)\n"
        "    return struct.pack('<II', len(text), len(blocks)) + sizes + text + b''.join(blocks)\n"
        f"os.write(3, {forged})\n"
        "time.sleep(9)\n"
    )
    end = ended(ran(source, Limits(wall=4)))
    assert end.reason == "killed"
    assert "disturbed the wire" in end.sentence


def test_a_forged_answer_is_an_answer_like_any_other_and_a_second_one_is_none(runner: Runner):
    source = (
        "import json, os, struct\n"
        "def f():\n"
        "    text = json.dumps({'of': 1, 'answer': {'array': ['<f8', [3]]}}).encode()\n"
        "    os.write(3, struct.pack('<IIQ', len(text), 1, 8) + text + b'x' * 8)\n"
    )
    with runner.start(Program(source, answers=True)) as run:
        list(run.events())
        with pytest.raises(LearnerFailed, match="cannot be looked at"):
            run.call("f")
        with pytest.raises(LearnerFailed, match="disturbed the wire"):
            run.call("f")


def test_no_daemon_outlives_its_run(runner: Runner, ran):
    daemon = (
        "import os, time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        "        while True: time.sleep(0.01)\n"
        "    os._exit(0)\n"
        "time.sleep(0.2); print('left')"
    )
    before = descendants()
    assert printed(ran(daemon)) == "left\n"
    deadline = time.monotonic() + 2
    while descendants() - before and time.monotonic() < deadline:
        time.sleep(0.02)
    assert descendants() <= before
