"""The checklists that come with Pohled, one JSON file each; `demo_*.json` are the demo's."""

import json
from functools import cache
from pathlib import Path
from typing import Any

NAMES = ("belonging", "safety", "access", "services", "trade", "compass")


@cache
def checklist(name: str) -> dict[str, Any]:
    """One of `NAMES`, as it was written: `{local_language}` still stands in its texts. Do not change it."""
    body: dict[str, Any] = json.loads((Path(__file__).parent / f"{name}.json").read_text())
    return body
