"""The kit: what 30 laptops need, tried without a network."""

import json
import os
import platform
import subprocess
import sys
from importlib.metadata import Distribution, distribution

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from convivo.course.kit import own_wheel, pack
from convivo.course.kit.pins import pins
from convivo.errors import NotAvailable
from convivo.io.samples.store import Store
from course.kit.wheels import write_wheel

MACHINE = f"{platform.system()} {platform.machine()}"
SAYS = "import sys\n\ndef main():\n    print('opened with', sys.argv[1:])\n"


def test_whatever_a_pinned_package_needs_here_is_pinned():
    pinned = {canonicalize_name(pin.partition("==")[0]) for pin in pins()}
    for name in ["convivo", *pinned]:
        for need in map(Requirement, distribution(name).requires or []):
            if need.marker is None or need.marker.evaluate({"extra": ""}):
                assert canonicalize_name(need.name) in pinned, f"{name} needs {need}"


def test_tools_of_the_tests_are_not_pinned():
    assert not {"pytest", "mypy", "playwright", "convivo"} & {pin.partition("==")[0] for pin in pins()}


def test_a_wheel_packed_again_installs_the_same_files(tmp_path):
    wheel = write_wheel(
        tmp_path,
        "convivo_trial",
        "1.5",
        {"convivo_trial/__init__.py": SAYS},
        entry_points="trial = convivo_trial:main",
    )
    first, again = tmp_path / "first", tmp_path / "again"
    _pip("install", "--no-deps", "--no-index", "--target", first, wheel)
    (tmp_path / "out").mkdir()
    installed = Distribution.at(first / "convivo_trial-1.5.dist-info")
    made = own_wheel._packed_again(installed, tmp_path / "out")
    _pip("install", "--no-deps", "--no-index", "--target", again, made)
    assert _contents(again) == _contents(first)


def test_a_package_that_cannot_be_fetched_is_named_and_no_kit_is_there(tmp_path, monkeypatch):
    monkeypatch.setattr(pack, "pins", lambda: ["no-such-package-of-convivo==1.0"])
    with pytest.raises(NotAvailable, match="no-such-package-of-convivo==1.0"):
        list(pack.pack(tmp_path / "kit", pip=["--no-index"], store=Store(tmp_path)))
    assert pack.read_kit(tmp_path / "kit") is None


@pytest.fixture
def kit(tmp_path, monkeypatch):
    """A kit of a stand-in for convivo that needs one package and says how it was opened."""
    source = tmp_path / "source"
    source.mkdir()
    write_wheel(source, "needed", "2.0", {"needed/__init__.py": ""})
    write_wheel(source, "needed", "3.0", {"needed/__init__.py": "raise ImportError"})
    monkeypatch.setattr(pack, "pins", lambda: ["needed==2.0"])
    monkeypatch.setattr(pack, "write_own_wheel", lambda folder: _stand_in(folder))
    out = tmp_path / "kit"
    steps = list(
        pack.pack(out, pip=["--no-index", "--find-links", str(source)], store=Store(tmp_path / "none"))
    )
    assert steps[0].doing == "fetching needed==2.0"
    write_wheel(
        out / "wheels", "needed", "3.0", {"needed/__init__.py": "raise ImportError"}
    )  # another laptop's
    return out


def _stand_in(folder):
    package = {"convivo/__init__.py": "import needed\n" + SAYS}
    write_wheel(
        folder,
        "convivo",
        pack.__version__,
        package,
        entry_points="convivo = convivo:main",
        requires=["needed>=1"],
    )


def test_one_command_installs_and_opens_and_the_second_time_only_opens(kit, tmp_path):
    first = _start(kit, tmp_path, "--port", "0")
    assert first.returncode == 0, first.stderr
    assert "installing convivo" in first.stdout
    assert "opened with ['course', '--port', '0']" in first.stdout
    second = _start(kit, tmp_path)
    assert "installing" not in second.stdout
    assert "opened with ['course']" in second.stdout


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ({"system": "Plan9", "machine": "mips", "python": "3.11"}, f"this is {MACHINE}"),
        (
            {"system": platform.system(), "machine": platform.machine(), "python": "3.2"},
            "made for Python 3.2",
        ),
    ],
)
def test_a_laptop_that_does_not_fit_is_told_so_in_two_lines(kit, tmp_path, target, said):
    told = json.loads((kit / "kit.json").read_text())
    (kit / "kit.json").write_text(json.dumps({**told, "targets": [target]}))
    refused = _start(kit, tmp_path)
    assert refused.returncode == 1
    assert said in refused.stderr
    assert len(refused.stderr.splitlines()) == 2
    assert not (tmp_path / "home" / "convivo-course").exists()


def test_a_second_kind_of_laptop_is_added(kit, monkeypatch):
    other = pack.Target("Windows", "AMD64", "3.12")
    monkeypatch.setattr(pack, "this_machine", lambda: other)
    pack._finish(kit, ())
    assert other in pack.read_kit(kit).targets
    assert len(pack.read_kit(kit).targets) == 2
    assert "Windows AMD64, Python 3.12" in (kit / "READ-ME-FIRST.txt").read_text()


def _start(kit, tmp_path, *arguments):
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    environment = {"HOME": str(home), "USERPROFILE": str(home), "PATH": os.environ["PATH"]}
    command = [sys.executable, kit / "start.py", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def _pip(*arguments):
    subprocess.run([sys.executable, "-m", "pip", "--quiet", *arguments], check=True)


def _contents(folder):
    made_by_pip = {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"}
    files = (path for path in folder.rglob("*") if path.is_file() and path.name not in made_by_pip)
    return {path.relative_to(folder): path.read_bytes() for path in files if "__pycache__" not in path.parts}
