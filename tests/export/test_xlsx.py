"""The workbook: the page's figures, everybody's words intact, nothing that a spreadsheet would run."""

import io
import re
import statistics
import zipfile

import pytest
from flask import Flask

from tests.client import Visitor
from tests.export.files import SILENT, WORDS, Filled, filled
from tests.makers import join, make_call, make_photo
from tests.makers_photo import turned
from webapp.export.formats import rows
from webapp.people import queries as people_queries
from webapp.results import queries as results_queries

__all__ = ["filled"]


def test_the_workbook_says_the_same_as_the_page(app: Flask, filled: Filled) -> None:
    book = filled.xlsx()
    given = [row for row in book["answers"] if row["question"] == "b.1" and row["stop"] == 1]
    values = [row["value"] for row in given if row["value"] != ""]
    page = filled.organiser.get(f"/desk/walks/{filled.walk.walk_id}").text
    part = page[page.index('id="stop-1"') :]
    assert f"<b>n = {len(values)}</b>" in part
    assert f"mean {round(statistics.fmean(values), 1):g}" in part
    assert f"can’t tell: {sum(row['cant_tell'] for row in given):g}" in part
    counts = re.findall(r'<b class="num">(\d)</b>.*?<span class="num[^"]*">(\d+)</span>', part)[:5]
    assert [(int(step), int(count)) for step, count in counts] == [(n, values.count(n)) for n in (5, 4, 3, 2, 1)]
    with app.app_context():
        for place in results_queries.of_walk(filled.walk.walk_id):
            for _, tallies in place.checklists:
                for tally in tallies:
                    stop = place.stop.position if place.stop else ""
                    (row,) = (
                        row
                        for row in book["figures"]
                        if (row["stop"], row["question"], row["perspective"]) == (stop, tally.question.id, "all")
                    )
                    assert (row["n"], row["cant_tell"]) == (tally.n, tally.cant_tell)
                    assert row["mean"] == pytest.approx(tally.mean) if tally.mean is not None else row["mean"] == ""


def test_words_of_every_language_stay_as_they_were(filled: Filled) -> None:
    book = filled.xlsx()
    assert [row["remark"] for row in book["answers"] if row["remark"]] == list(WORDS)
    assert [row["value"] for row in book["answers"] if row["question"] == "b.2"] == list(WORDS)
    assert [row["caption"] for row in book["photos"]][: len(WORDS)] == list(WORDS)


def test_no_cell_is_a_formula_or_a_link(filled: Filled) -> None:
    with zipfile.ZipFile(io.BytesIO(filled.bytes_of("results.xlsx"))) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/")]
        assert len([name for name in book.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name)]) == 6
    assert not any("<f>" in sheet or "<hyperlink" in sheet for sheet in sheets)


def test_people_are_numbers_and_who_has_not_agreed_is_in_no_sheet(filled: Filled) -> None:
    data, book = filled.bytes_of("results.xlsx"), filled.xlsx()
    with zipfile.ZipFile(io.BytesIO(data)) as whole:
        everything = b"".join(whole.read(name) for name in whole.namelist()).decode()
    for person in [*filled.people, filled.silent]:
        assert str(person) not in everything
        assert person.hex not in everything
    assert SILENT not in everything
    numbers = list(range(1, len(WORDS) + 1))
    assert [row["participant"] for row in book["answers"] if row["question"] == "b.2"] == numbers
    assert [row["participant"] for row in book["photos"]] == [*numbers, 1], "the same number in every sheet"
    assert {row["perspective"] for row in book["answers"]} == {"ngo"}


def test_every_column_is_explained(filled: Filled) -> None:
    book = filled.xlsx()
    explained = {(row["sheet"], row["column"]) for row in book["dictionary"] if row["meaning"]}
    for name, columns in rows.SHEETS.items():
        assert {(name, column) for column in columns} <= explained
    meant = {row["value"]: row["label"] for row in book["questions"] if row["question"] == "b.1"}
    assert meant[5] == "Strongly agree"


def test_a_project_s_workbook_holds_its_calls_too(app: Flask, filled: Filled) -> None:
    project = filled.walk.project_id
    with app.app_context():
        call = make_call(project)
    caller = Visitor(app)
    join(caller, "TESTCALL")
    with app.app_context():
        person = list(people_queries.numbers(project))[-1]
        of_call = {"walk_id": None, "stop_id": None, "call_id": call, "caption": {"vi": WORDS[1]}}
        make_photo(app, filled.walk, person, turned(3), **of_call)
    book = filled.sheets(filled.organiser.get(f"/desk/projects/{project}/results.xlsx").data)
    assert [row["caption"] for row in book["photos"] if row["walk"] == "My city"] == [WORDS[1]]
    assert len(book["answers"]) == len(filled.xlsx()["answers"])
