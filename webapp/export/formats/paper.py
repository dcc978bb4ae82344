"""PDF from a template: drawn by WeasyPrint in a process of its own, which gives its memory back."""

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from ctypes.util import find_library
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from flask import render_template

from webapp.config import PACKAGE
from webapp.export.formats.format import Item, Order, Workshop, direction, hung_as, nobody
from webapp.export.rules import NO_PANGO, NO_PICTURE, PAPERS, CannotMake, LeftOut, pixels

PER_INCH = 200
LONGEST_SECONDS = 1800
Box = tuple[float, float]  # millimetres


@cache
def has_pango() -> bool:
    """Whether WeasyPrint would find what it draws with. Nothing of it is loaded for that."""
    return importlib.util.find_spec("weasyprint") is not None and all(
        find_library(name) for name in ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset")
    )


def pictures(
    items: Sequence[Item], workshop: Workshop, box: Callable[[Item], Box], most: int
) -> list[dict[str, Any]]:
    """For each item a JPEG for the paper (`name`) of at most so many bytes, and what it is called where it hangs.

    What no picture could be made of is left out, and noted.
    """
    made = []
    for done, item in enumerate(items, 1):
        name = f"{done}.jpg"
        edge = pixels(item.width, item.height, box(item), PER_INCH)
        size = workshop.press(item.file, workshop.folder / name, edge, most)
        workshop.step(done)
        if size is None:
            workshop.lost.append(LeftOut(item.number, NO_PICTURE))
            continue
        made.append({"item": item, "name": name, "hung_as": hung_as(item)})
    return made


def draw(template: str, order: Order, workshop: Workshop, **values: Any) -> Path:
    """The template as a PDF with every font inside. Raises `CannotMake`."""
    return _drawn("made", template, replace(order, left_out=[*order.left_out, *workshop.lost]), workshop, values)


def measure(template: str, order: Order, workshop: Workshop, **values: Any) -> dict[str, float]:
    """How high everything in the template is that has an id, in millimetres. Raises `CannotMake`."""
    found: dict[str, float] = json.loads(_drawn("heights.json", template, order, workshop, values).read_text())
    return found


def _drawn(name: str, template: str, order: Order, workshop: Workshop, values: Mapping[str, Any]) -> Path:
    if not has_pango():
        raise CannotMake(NO_PANGO)
    html = render_template(
        f"export/{template}.html", order=order, direction=direction, nobody=nobody(order.languages), **values
    )
    (workshop.folder / "page.html").write_text(html)
    target = workshop.folder / name
    path = os.pathsep.join(filter(None, [str(PACKAGE.parent), os.environ.get("PYTHONPATH")]))
    command = [sys.executable, "-m", "webapp.export.drawing", str(os.getpid()), str(workshop.folder), str(target)]
    env = {**os.environ, "PYTHONPATH": path}
    done = subprocess.run(
        command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        timeout=LONGEST_SECONDS, start_new_session=True,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"the PDF was not drawn: {done.stdout.decode(errors='replace')[-500:]}")
    return target


def sheet_of(paper: str) -> tuple[int, int]:
    return PAPERS[paper]
