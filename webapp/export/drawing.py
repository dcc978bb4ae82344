"""The child process that draws a PDF: `page.html` in a folder, with what lies there and our own fonts and styles;
or, into a file of JSON, measures what is on it.

Started by `formats.paper` and by nobody else. It fetches nothing from anywhere:
an address in a caption leads nowhere.
"""

import ctypes
import json
import os
import re
import signal
import sys
from pathlib import Path
from typing import Any

from webapp.shell.assets import STATIC, TEMPLATES

HERE = "file:///page/"  # there is no such folder: it only makes relative addresses into whole ones
NAME = re.compile(r"(fonts/)?[a-z0-9-]+\.(jpg|css|woff2)")
PIXELS = 96 / 25.4  # a millimetre
TYPES = {"jpg": "image/jpeg", "css": "text/css", "woff2": "font/woff2"}


def main(parent: int, folder: Path, target: Path) -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: a killed worker leaves nothing running
    if os.getppid() != parent:
        sys.exit(1)
    from weasyprint import HTML

    page = HTML(string=(folder / "page.html").read_text(), base_url=HERE, url_fetcher=fetcher(folder))
    if target.suffix == ".json":
        target.write_text(json.dumps(heights(page.render())))
    else:
        page.write_pdf(target, finisher=bare)


def heights(document: Any) -> dict[str, float]:
    """How high everything is that has an id, in millimetres."""
    return {
        name: (bottom - top) / PIXELS
        for page in document.pages
        for name, (_left, top, _right, bottom) in page.anchors.items()
    }


def bare(_document: Any, pdf: Any) -> None:
    """The title stays, and not with what it was made."""
    pdf.info.pop("Producer", None)


def fetcher(folder: Path) -> Any:
    """Finds what the page names: pictures in its folder, fonts in the front end, style sheets among the templates."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Ours(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            name = url.removeprefix(HERE)
            if not NAME.fullmatch(name):
                raise ValueError(f"{url} is not ours")
            path = place(folder, name)
            kind = TYPES[path.suffix.removeprefix(".")]
            # A picture's own address lets it be read only when it is written; a style's must lead on to its fonts.
            where = path.as_uri() if kind == "image/jpeg" else url
            return URLFetcherResponse(where, path.open("rb"), {"Content-Type": kind})

    return Ours(fail_on_errors=True)


def place(folder: Path, name: str) -> Path:
    if name.endswith(".jpg"):
        return folder / name
    return STATIC / "dist" / name if name.startswith("fonts/") else TEMPLATES / "export" / name


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
