"""Make the small nets of the lab again.

    python recipes/lab_nets.py wires --data DATA --out OUT      for "Cut the wire", as recipes/wires.toml says
    python recipes/lab_nets.py measure --data DATA              scores and outline errors of the former, as shipped
    python recipes/lab_nets.py detective --out OUT              for "Detective", from simulated images alone

They are lessons and no tools, so no command of convivo makes them. docs/lab-nets.md says what they are.
"""

from __future__ import annotations

import argparse
from pathlib import Path

RECIPES = Path(__file__).parent


def wires(data: Path, out: Path, only: list[str]) -> None:
    """The U-Nets of "Cut the wire"; `data` as in recipes/wires.toml."""
    from convivo.lab.wires import WIRINGS
    from convivo.lab.wires.training import trained
    from convivo.run.recipe import read_recipe

    wanted = tuple(each for each in WIRINGS if not only or each.name in only)
    for wiring, model in trained(read_recipe(RECIPES / "wires.toml"), data, wanted):
        model.save(out / wiring.name, half=True)
        print(out / wiring.name, flush=True)


def measure(data: Path) -> None:
    """The table of docs/lab-nets.md: each net on images that did not train it."""
    from convivo.lab.wires import WIRINGS, load
    from convivo.lab.wires.measuring import measured, simulated
    from convivo.run.recipe import gather, read_recipe

    real = gather(read_recipe(RECIPES / "wires.toml"), data)
    parts = {"simulated": simulated(), "BBBC039": real.test, "DSB2018": real.choosing}
    for wiring in WIRINGS:
        for name, images in parts.items():
            each = measured(load(wiring.cut), images)
            scores = "  ".join(f"{value:.3f}" for value in each.accuracy)
            found = f"recall {each.recall:.3f}  merged {each.merged}  outline off by {each.outline:.2f} px"
            print(f"{wiring.name:10} {name:10} {scores}  {found}", flush=True)


def detective(out: Path, only: list[str]) -> None:
    """The nets of "Detective"."""
    from convivo.lab.detective.nets import NETS
    from convivo.lab.detective.training import make

    for plan in NETS:
        if not only or plan.name in only:
            make(plan, out / plan.name)
            print(out / plan.name, flush=True)


def main() -> None:
    """Read the command line and make what it names."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("nets", choices=["wires", "measure", "detective"])
    parser.add_argument("--data", type=Path, help="wires, measure: folder in which the recipe's folders lie")
    parser.add_argument("--out", type=Path, help="wires, detective: folder for the nets")
    parser.add_argument("--only", nargs="*", default=[], help="names of the nets to make; all without")
    asked = parser.parse_args()
    needed = {"wires": ("data", "out"), "measure": ("data",), "detective": ("out",)}[asked.nets]
    if missing := [name for name in needed if getattr(asked, name) is None]:
        parser.error(f"{asked.nets} needs --{' and --'.join(missing)}")
    if asked.nets == "wires":
        wires(asked.data, asked.out, asked.only)
    elif asked.nets == "measure":
        measure(asked.data)
    else:
        detective(asked.out, asked.only)


if __name__ == "__main__":
    main()
