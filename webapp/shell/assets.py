"""The built front end: hashed names from the build's manifest."""

import json
from functools import cache
from pathlib import Path

from flask import Flask, url_for

from webapp.config import CHECKOUT, PACKAGE

STATIC = (CHECKOUT or PACKAGE) / "static"
TEMPLATES = (CHECKOUT or PACKAGE) / "templates"


class NotBuilt(RuntimeError):
    """The front end is missing; the message says how to make it."""


@cache
def manifest(folder: Path = STATIC / "dist") -> dict[str, dict[str, str]]:
    """Source name -> what the build made of it."""
    try:
        made: dict[str, dict[str, str]] = json.loads((folder / "manifest.json").read_text())
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
    return manifest()[source]["file"]


def init_assets(app: Flask) -> None:
    app.jinja_env.globals.update(built=built)
