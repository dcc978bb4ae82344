"""What is asked for each purpose: title and explanation, in the languages written so far: one file a language.

A project copies them as its own first version and may change them: the record names the version it showed.
"""

import json
from pathlib import Path

from webapp.consent.rules import Purpose

Said = dict[str, tuple[str, str]]  # language -> (title, explanation)


def _read() -> dict[Purpose, Said]:
    texts: dict[Purpose, Said] = {purpose: {} for purpose in Purpose}
    for path in sorted((Path(__file__).parent / "written").glob("*.json")):
        for purpose, said in json.loads(path.read_text(encoding="utf-8")).items():
            texts[Purpose(purpose)][path.stem] = (said["title"], said["detail"])
    return texts


TEXTS = _read()
