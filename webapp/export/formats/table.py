"""Tables as spreadsheets read them, and nothing in them that they would run."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

START = re.compile(r"\s*[=+\-@＝＋－＠]")
LATER = re.compile(r"([;\t\r\n]\s*)([=+\-@＝＋－＠])")


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """CSV as spreadsheets read it: UTF-8 with a mark, RFC 4180, and no cell that they would run as a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([inert(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def inert(cell: object) -> object:
    """Text that begins like a formula gets an apostrophe before it, which spreadsheets show as plain text.

    So does what follows a semicolon or a line break: in much of Europe a spreadsheet splits there, whatever the
    quotes say. See OWASP, "CSV Injection". Numbers stay numbers.
    """
    if not isinstance(cell, str):
        return "" if cell is None else cell
    start = START.match(cell)
    begun, rest = (f"'{start[0]}", cell[start.end() :]) if start else ("", cell)
    return begun + LATER.sub(r"\1'\2", rest)
