"""The workbook as LibreOffice reads it, where that is installed: figures and words as they were, nothing run."""

import csv
import io
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.export.files import WORDS, Filled, filled

__all__ = ["filled"]
OFFICE = shutil.which("soffice")
EVERY_SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_reads_the_same_figures_and_words(filled: Filled, tmp_path: Path) -> None:
    (tmp_path / "book.xlsx").write_bytes(filled.bytes_of("results.xlsx"))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [str(OFFICE), profile, "--headless", "--convert-to", EVERY_SHEET, "--outdir", str(tmp_path)]
    subprocess.run([*command, str(tmp_path / "book.xlsx")], check=True, capture_output=True, timeout=180)
    read = {
        name: list(csv.DictReader(io.StringIO((tmp_path / f"book-{name}.csv").read_text("utf-8"), newline="")))
        for name in ("answers", "photos", "figures")
    }
    book = filled.xlsx()
    for name, rows in read.items():
        assert len(rows) == len(book[name])
        for told, meant in zip(rows, book[name], strict=True):
            for column, value in meant.items():
                seen = float(told[column] or 0) if isinstance(value, float) else told[column]
                assert seen == (pytest.approx(value) if isinstance(value, float) else value), (name, column)
    assert [row["remark"] for row in read["answers"] if row["remark"]] == list(WORDS)
