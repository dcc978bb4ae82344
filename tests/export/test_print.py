"""The ZIP for the print shop: all the pixels, the right words inside, and nothing else."""

import io
import json
import shutil
import subprocess
import uuid
import zipfile
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image, ImageChops

from tests.client import Visitor
from tests.export.conftest import telling
from tests.export.makers import CAPTIONS, made, order
from tests.export.test_originals import table
from tests.makers import MadeWalk
from tests.makers_photo import CORNERS, TRACES, seen_corners, segments


@pytest.fixture
def taken(app: Flask, walk: MadeWalk, owner: Visitor, show: uuid.UUID) -> zipfile.ZipFile:
    export_id = order(owner, walk.project_id, "print", f"exhibition:{show}")
    row = made(app, export_id)
    assert (row.state, row.reason, len(row.photos)) == ("ready", "", 3)
    answer = owner.get(f"/desk/exports/{export_id}/file")
    assert answer.mimetype == "application/zip"
    return zipfile.ZipFile(io.BytesIO(answer.data))


def test_it_hangs_in_order_and_lists_who_is_left_out(taken: zipfile.ZipFile) -> None:
    assert taken.namelist() == ["01-2.jpg", "02-1.jpg", "05-5.jpg", "captions.csv", "left-out.csv"]
    rows = table(taken, "captions.csv")
    assert [(row["file"], row["number"], row["credit"]) for row in rows] == [
        ("01-2.jpg", "2", ""),
        ("02-1.jpg", "1", "Lan <b>Nguyễn</b>"),
        ("05-5.jpg", "5", ""),
    ]
    assert rows[0]["caption_cs"].startswith("'=1+1"), "a caption is no formula"
    assert {code: rows[1][f"caption_{code}"] for code in CAPTIONS} == CAPTIONS
    assert {row["number"]: row["reason"] for row in table(taken, "left-out.csv")} == {
        "3": "somebody can be recognised and has not agreed",
        "4": "not agreed",
    }


def test_an_upright_jpeg_keeps_its_very_own_pixels(taken: zipfile.ZipFile) -> None:
    ours, theirs = Image.open(io.BytesIO(taken.read("02-1.jpg"))), Image.open(io.BytesIO(telling()))
    assert ours.size == (800, 600)
    assert ImageChops.difference(ours.convert("RGB"), theirs.convert("RGB")).getbbox() is None
    assert seen_corners(ours) == CORNERS


def test_a_turned_one_is_upright_and_a_png_becomes_a_jpeg(taken: zipfile.ZipFile) -> None:
    assert Image.open(io.BytesIO(taken.read("01-2.jpg"))).size == (600, 900)[::1]
    assert Image.open(io.BytesIO(taken.read("05-5.jpg"))).format == "JPEG"


def test_no_byte_says_where_or_with_what_it_was_taken(taken: zipfile.ZipFile) -> None:
    for name in ("01-2.jpg", "02-1.jpg", "05-5.jpg"):
        data = taken.read(name)
        for trace in TRACES:
            assert trace not in data, f"{trace!r} in {name}"
        assert set(segments(data)) <= {0xE0, 0xE1, 0xE2, 0xED, 0xC0, 0xC4, 0xDB}


def test_the_words_inside_are_what_exiftool_reads(taken: zipfile.ZipFile, tmp_path: Path) -> None:
    if not shutil.which("exiftool"):
        pytest.skip("exiftool is not installed")
    taken.extractall(tmp_path)
    names = [str(tmp_path / name) for name in ("02-1.jpg", "01-2.jpg")]
    said = subprocess.run(
        ["exiftool", "-json", "-G1", "-validate", "-all", "-api", "struct=0", *names], capture_output=True, check=True
    )
    first, second = json.loads(said.stdout)
    assert first["XMP-dc:Creator"] == first["IPTC:By-line"] == first["XMP-photoshop:Credit"] == "Lan <b>Nguyễn</b>"
    assert first["XMP-dc:Description"] == first["IPTC:Caption-Abstract"] == CAPTIONS["cs"]
    assert first["XMP-iptcCore:AltTextAccessibility"] == CAPTIONS["cs"]
    assert {code: first[f"XMP-dc:Description-{code}"] for code in CAPTIONS} == CAPTIONS
    assert first["XMP-dc:Rights"] == first["IPTC:CopyrightNotice"]
    assert "Lan" in first["XMP-dc:Rights"] and "On the wall" in first["XMP-dc:Rights"]
    assert first["ICC_Profile:ProfileDescription"].startswith("sRGB")
    assert not [name for name in first if "GPS" in name or "Thumbnail" in name or "IFD" in name]
    assert first.get("ExifTool:Validate", "OK") == "OK" and "ExifTool:Warning" not in first
    assert "XMP-dc:Creator" not in second and second["IPTC:Credit"] == "Bez jména"


def test_what_nobody_can_press_is_left_out_with_the_reason(
    app: Flask, walk: MadeWalk, owner: Visitor, show: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.export.jobs._press", lambda *_: None)
    row = made(app, order(owner, walk.project_id, "print", f"exhibition:{show}"))
    assert (row.state, row.photos) == ("ready", [])
    assert [each["number"] for each in row.left_out] == [3, 4, 2, 1, 5]
    assert row.left_out[-1]["reason"] == "nobody can open its picture"
