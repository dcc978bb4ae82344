"""Photo cards as a PDF. The maker reads the small pictures that it is given, and nothing else."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from webapp.shell.assets import STATIC, built_file

DPI = 220
QUALITY = 82


def make_pdf(page: str, file_of: Callable[[str], Path]) -> bytes:
    """The page's PDF. It names pictures as `photo:<id>`; `file_of` gives the file of one, or raises."""
    from weasyprint import CSS, HTML  # slow to load, and it needs the system's Pango: only who asks for a PDF pays
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    logging.getLogger("weasyprint").setLevel(logging.ERROR)

    class OnlyPhotos(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            scheme, _, name = url.partition(":")
            if scheme != "photo":
                raise ValueError(f"A card shows photos alone, not {url}")
            return URLFetcherResponse(url, file_of(name).read_bytes(), {"Content-Type": "image/jpeg"})

    fetcher = OnlyPhotos()
    style = CSS(string=(STATIC / "dist" / built_file("static/css/cards.css")).read_text(), url_fetcher=fetcher)
    html = HTML(string=page, base_url=None, url_fetcher=fetcher)
    made: bytes = html.write_pdf(stylesheets=[style], optimize_images=False, dpi=DPI, jpeg_quality=QUALITY)
    return made
