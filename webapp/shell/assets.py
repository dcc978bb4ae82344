"""The built front end: hashed names from the build's manifest."""

import json
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, url_for

from webapp.config import CHECKOUT, PACKAGE

STATIC = (CHECKOUT or PACKAGE) / "static"
TEMPLATES = (CHECKOUT or PACKAGE) / "templates"
YEAR_SECONDS = 365 * 24 * 3600  # what has its hash in its address never changes
FINDER = "static/src/paint/finder.ts"  # the worker that looks for faces


class NotBuilt(RuntimeError):
    """The front end is missing; the message says how to make it."""


@cache
def manifest(folder: Path = STATIC / "dist") -> dict[str, dict[str, Any]]:
    """Source name -> what the build made of it."""
    try:
        made: dict[str, dict[str, Any]] = json.loads((folder / "manifest.json").read_text())
    except FileNotFoundError as error:
        raise NotBuilt(
            "The front end is not built. In a checkout, start with ./pohled; it builds by itself."
        ) from error
    return made


def built(source: str) -> str:
    """The address of a built file, by the name of its source."""
    return url_for("shell.built", name=built_file(source))


def built_file(source: str) -> str:
    """The file's own name, with its hash."""
    name: str = manifest()[source]["file"]
    return name


def sent_bytes(name: str) -> int:
    """How many bytes a built file takes on the line."""
    path = STATIC / "dist" / name
    small = path.with_name(f"{name}.br")
    return (small if small.is_file() else path).stat().st_size


def built_with(source: str, entry: str = "static/src/main.ts", without: Collection[str] = ()) -> list[str]:
    """The built files that a page needs which starts with `entry` and goes on to `source`: both, and all that they
    ever ask for, apart from the sources `without`."""
    found: dict[str, None] = {}
    waiting = [entry, source]
    while waiting:
        made = manifest()[waiting.pop(0)]
        if made["file"] not in found:
            found[made["file"]] = None
            further = made.get("imports", [])
            # The entry knows the modules of every page; only this page's own are followed.
            asked = made.get("dynamicImports", []) if made.get("src") != entry else []
            waiting += [*further, *(each for each in asked if each not in without)]
    return list(found)


def built_at_once(source: str) -> list[str]:
    """The addresses of a built file and of all that it cannot start without."""
    found, waiting = dict[str, None](), [source]
    while waiting:
        made = manifest()[waiting.pop(0)]
        if made["file"] not in found:
            found[made["file"]] = None
            waiting += made.get("imports", [])
    return [url_for("shell.built", name=name) for name in found]


def init_assets(app: Flask) -> None:
    app.jinja_env.globals.update(built=built, built_at_once=built_at_once)
