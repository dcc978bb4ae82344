"""From a picture to a file with the EXIF data a camera would write."""

import io
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import pillow_heif
from PIL import Image

from webapp.demo.scenes.moods import Light
from webapp.demo.scenes.shapes import Point

FileKind = Literal["jpeg", "heic"]

MAKE = "Pohled"
MODEL = "drawn"
DESCRIPTION = "Drawn for the demo of Pohled"
SOFTWARE = "Pohled demo scenes"
OFFSET = "+02:00"
JPEG_QUALITY = 88
HEIC_QUALITY = 64
HEIC_ENCODER = {"preset": "ultrafast"}  # a tenth of the time, a tenth more bytes

# What must be done to upright pixels so that the tag, once applied, turns them upright again.
STORED: dict[int, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@dataclass(frozen=True)
class Scene:
    """One picture: what is on it, how it is lit, and what the file says about itself."""

    painter: str
    taken: datetime  # local time, without a zone: the file says +02:00
    light: Light = "day"
    seed: int = 1
    width: int = 1800  # as a person sees it, whatever the orientation
    height: int = 1200
    orientation: int = 1
    position: Point | None = None  # latitude, longitude
    people: int = 0
    mirrored: bool = False  # painters know left from right only by this
    near: float = 1  # how many times nearer than the painter stands
    look: Point = (0.5, 0.5)  # where to, from nearer: 0 to 1 across and down
    file: FileKind = "jpeg"

    @property
    def filename(self) -> str:
        return f"{self.painter}-{self.light}-{self.seed}.{'heic' if self.file == 'heic' else 'jpg'}"

    @property
    def media_type(self) -> str:
        return f"image/{self.file}"


def exif_of(scene: Scene) -> Image.Exif:
    exif = Image.Exif()
    moment = scene.taken.strftime("%Y:%m:%d %H:%M:%S")
    exif[0x010E] = DESCRIPTION
    exif[0x010F] = MAKE
    exif[0x0110] = MODEL
    exif[0x0112] = scene.orientation
    exif[0x0131] = SOFTWARE
    exif[0x8769] = {0x9003: moment, 0x9011: OFFSET}
    if scene.position is not None:
        exif[0x8825] = gps_of(*scene.position)
    return exif


def gps_of(latitude: float, longitude: float) -> dict[int, object]:
    return {
        0: b"\x02\x03\x00\x00",
        1: "N" if latitude >= 0 else "S",
        2: sexagesimal(latitude),
        3: "E" if longitude >= 0 else "W",
        4: sexagesimal(longitude),
        18: "WGS-84",
    }


def sexagesimal(angle: float) -> tuple[float, float, float]:
    """Degrees, minutes, seconds; the hundredth of a second is about 30 cm."""
    hundredths = round(abs(angle) * 360_000)
    minutes, rest = divmod(hundredths, 6_000)
    return float(minutes // 60), float(minutes % 60), rest / 100


def encode(scene: Scene, image: Image.Image) -> bytes:
    """The file around the upright picture: the same bytes for the same scene and the same libraries."""
    if scene.orientation in STORED:
        image = image.transpose(STORED[scene.orientation])
    exif = exif_of(scene)
    out = io.BytesIO()
    if scene.file == "heic":
        heic = pillow_heif.from_pillow(image)
        heic.save(out, quality=HEIC_QUALITY, exif=exif.tobytes(), enc_params=HEIC_ENCODER)
    else:
        image.save(out, "JPEG", quality=JPEG_QUALITY, exif=exif.tobytes())
    return out.getvalue()
