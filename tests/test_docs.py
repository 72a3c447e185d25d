"""The documentation tells what the code has: options, columns, names, layers, and examples that run."""

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import msgspec
import pytest
import typer

import convivo
from convivo.cli import app
from convivo.io.tables import read_table, write_objects
from convivo.model import Card
from convivo.nets.receptive import sights, stride, views
from convivo.nets.unet import UNet, UNetSize
from convivo.run.config import TrainConfig
from convivo.run.train import Step
from convivo.types import Measured

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]
COURSE = sorted((ROOT / "src" / "convivo" / "course").rglob("*.md"))  # lessons, hints, the talk
PAGE_OF = {
    "doctor": "models",
    "fingerprint": "doubt",
}  # commands that share a page; the others have one of their own
EVERYWHERE = {"--debug", "--help", "--version"}
OTHER_PROGRAMS = {"--check", "--prepare"}  # ruff's, and that of the kit's start.py


def commands(group, path=()):
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (
                (*path, name),
                {word for one in command.params for word in one.opts if word.startswith("--")},
            )


COMMANDS = dict(commands(typer.main.get_command(app)))


def words(text):
    """Everything in a text that looks like an option."""
    return set(re.findall(r"(?<![\w-])--[a-z][a-z0-9-]*", text))


def blocks(path, language):
    return re.findall(
        rf"^```{language}\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )


def table(text):
    """Rows of numbers of the tables in a text."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"
    ]
    return {tuple(map(int, row)) for row in rows if all(cell.isdigit() for cell in row)}


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_option_stands_on_the_page_of_its_command(command):
    own = DOCS / f"{'-'.join(command)}.md"  # some subcommands have a page of their own
    page = own if own.is_file() else DOCS / f"{PAGE_OF.get(command[0], command[0])}.md"
    assert COMMANDS[command] <= words(page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", [*PAGES, *COURSE], ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_page_names_an_option_that_no_command_has(page):
    known = set().union(*COMMANDS.values()) | EVERYWHERE | OTHER_PROGRAMS
    assert words(page.read_text(encoding="utf-8")) <= known


def test_every_public_name_is_in_the_python_page():
    text = (DOCS / "python.md").read_text(encoding="utf-8")
    assert [name for name in convivo.__all__ if f"convivo.{name}" not in text] == []


@pytest.mark.parametrize("kind", [Step, TrainConfig])
def test_the_python_page_names_what_a_step_tells_and_what_can_be_set(kind):
    text = (DOCS / "python.md").read_text(encoding="utf-8")
    assert [field.name for field in fields(kind) if not re.search(rf"`\.?{field.name}`", text)] == []


def test_the_changelog_tells_of_this_version():
    assert f"## [{convivo.__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_layers_of_the_architecture_are_those_of_the_contract():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    (layers,) = (contract["layers"] for contract in contracts if contract["type"] == "layers")
    (drawn,) = blocks(DOCS / "architecture.md", "text")
    assert drawn.splitlines() == layers


def test_the_architecture_names_every_field_of_a_card():
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    assert [field.name for field in msgspec.structs.fields(Card) if f"`{field.name}`" not in text] == []


@pytest.mark.parametrize("dimensions", [2, 3])
def test_the_predict_page_names_every_column_of_objects_csv(dimensions, tmp_path):
    row = ("image", Measured(1, (0.0,) * dimensions, 1, 1.0, 1.0, touches_edge=False), None)
    write_objects(tmp_path / "objects.csv", [row], dimensions)
    text = (DOCS / "predict.md").read_text(encoding="utf-8")
    assert [column for column in read_table(tmp_path / "objects.csv")[0] if f"`{column}`" not in text] == []


def test_the_tables_of_the_receptive_field_are_what_is_counted():
    text = (DOCS / "receptive-field.md").read_text(encoding="utf-8")
    sizes = {row[:2] for row in table(text)}
    assert len(sizes) >= 5
    assert {(*size, *counted(*size)) for size in sizes} == table(text)
    for view in [view for view in views(UNet(UNetSize())) if view.name in ("pool.1", "up.0.1.0", "up.2.1.0")]:
        numbers = (view.step[0], view.field[0], view.before[0], view.after[0])
        assert f"| {' | '.join(map(str, numbers))} |" in text


def counted(depth, kernel):
    net = UNet(UNetSize(depth=depth, kernel=kernel, filters=1))
    sight = sights(net)[0]
    return stride(net)[0], sight.field, max(sight.before, sight.after)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_relative_links_lead_somewhere(page):
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    assert [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if not leads_somewhere(page, link)] == []


def leads_somewhere(page, link):
    if "://" in link:
        return True
    path, _, anchor = link.partition("#")
    target = page.parent / path if path else page
    return target.is_file() and (not anchor or anchor in anchors(target))


def anchors(page):
    """Headings as a browser finds them: lower case, hyphens for spaces, no punctuation."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_python_page_runs_from_top_to_bottom(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    names = {}
    for number, block in enumerate(blocks(DOCS / "python.md", "python")):
        exec(compile(block, f"python.md, example {number}", "exec"), names)
    assert names["at_half"].accuracy == 0.5
    assert "no-such-model" in capsys.readouterr().out


def test_the_other_examples_in_python_compile():
    found = [(page, block) for page in PAGES for block in blocks(page, "python")]
    assert len(found) > 5
    for page, block in found:
        compile(block, page.name, "exec")


def test_the_examples_of_the_receptive_field_print_what_they_say(capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    for block in blocks(DOCS / "receptive-field.md", "python"):
        exec(compile(block, "receptive-field.md", "exec"), {})
        said = re.search(r"^print\(.*  # (.*)$", block, re.MULTILINE).group(1)
        assert capsys.readouterr().out.splitlines()[-1] == said


TOML = {
    page.stem: re.findall(
        r"^    # \w+\.toml\n((?:    .*\n)+)", page.read_text(encoding="utf-8"), re.MULTILINE
    )
    for page in DOCS.glob("*.md")
}


@pytest.mark.parametrize("command", [name for name, found in TOML.items() if found])
def test_examples_of_a_config_name_options_of_their_command(command):
    for text in TOML[command]:
        values = tomllib.loads(re.sub(r"^    ", "", text, flags=re.MULTILINE))
        known = [options for path, options in COMMANDS.items() if path[0] == command]
        assert any({f"--{name}" for name in values} <= options for options in known)
