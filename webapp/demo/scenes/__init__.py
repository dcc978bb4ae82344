"""Street scenes for the demo, drawn with polygons and never passed off as photographs.

`draw(scene)` returns the bytes of a JPEG (or HEIC) file with the EXIF data a camera would write, so that the
demo goes down the same road as real pictures. The same scene always gives the same picture. Painters work on
a canvas that is 1,000 units high, whatever its pixels, and at twice the size, which smooths every edge.
"""

import random
from collections.abc import Callable

from PIL import Image

from webapp.demo.scenes.bench import bench
from webapp.demo.scenes.canvas import Canvas
from webapp.demo.scenes.file import SOFTWARE, FileKind, Scene, encode, gps_of, sexagesimal
from webapp.demo.scenes.kiosk import kiosk
from webapp.demo.scenes.library import library
from webapp.demo.scenes.market import market
from webapp.demo.scenes.moods import MOODS, Light
from webapp.demo.scenes.playground import playground
from webapp.demo.scenes.sketch import Sketch
from webapp.demo.scenes.stairs import stairs
from webapp.demo.scenes.station import station
from webapp.demo.scenes.street import street
from webapp.demo.scenes.ticket import ticket
from webapp.demo.scenes.tram_stop import tram_stop
from webapp.demo.scenes.underpass import underpass
from webapp.demo.scenes.viewpoint import viewpoint
from webapp.demo.scenes.windows import windows

__all__ = ["MOODS", "PAINTERS", "SOFTWARE", "FileKind", "Light", "Scene", "draw", "gps_of", "paint", "sexagesimal"]

PAINTERS: dict[str, Callable[[Sketch], None]] = {
    "street": street,
    "tram_stop": tram_stop,
    "market": market,
    "station": station,
    "bench": bench,
    "ticket": ticket,
    "stairs": stairs,
    "library": library,
    "playground": playground,
    "kiosk": kiosk,
    "underpass": underpass,
    "viewpoint": viewpoint,
    "windows": windows,
}


def draw(scene: Scene) -> bytes:
    """The file: the same bytes for the same scene and the same libraries."""
    return encode(scene, paint(scene))


def paint(scene: Scene) -> Image.Image:
    """The upright picture, without a file around it."""
    chance = random.Random(f"{scene.painter}:{scene.seed}")  # noqa: S311 (a drawing keeps no secret)
    sketch = Sketch(Canvas(scene.width, scene.height), MOODS[scene.light], chance, scene.people)
    PAINTERS[scene.painter](sketch)
    return sketch.finished()
