"""Street scenes for the demo, drawn with polygons and never passed off as photographs.

`draw(scene)` returns the bytes of a JPEG (or HEIC) file with the EXIF data a camera would write, so that the
demo goes down the same road as real pictures. The same scene always gives the same picture. Painters work on
a canvas that is 1,000 units high, whatever its pixels, and at twice the size, which smooths every edge, unless the
picture is large.
"""

import random
from collections.abc import Callable

from PIL import Image, ImageOps

from webapp.demo.scenes.alley import alley, gateway
from webapp.demo.scenes.bench import bench
from webapp.demo.scenes.board import board
from webapp.demo.scenes.bus import bus
from webapp.demo.scenes.canvas import Canvas
from webapp.demo.scenes.counter import counter
from webapp.demo.scenes.courtyard import courtyard
from webapp.demo.scenes.crossing import crossing
from webapp.demo.scenes.file import SOFTWARE, FileKind, Scene, encode, gps_of, sexagesimal
from webapp.demo.scenes.garden import garden
from webapp.demo.scenes.homes import bells, blocks, pitch, shelves
from webapp.demo.scenes.kiosk import kiosk
from webapp.demo.scenes.library import library
from webapp.demo.scenes.market import market
from webapp.demo.scenes.moods import MOODS, Light
from webapp.demo.scenes.playground import playground
from webapp.demo.scenes.school import school
from webapp.demo.scenes.signs import signs
from webapp.demo.scenes.sketch import Sketch
from webapp.demo.scenes.stairs import stairs
from webapp.demo.scenes.station import station
from webapp.demo.scenes.street import street
from webapp.demo.scenes.table import kitchen, soup
from webapp.demo.scenes.ticket import ticket
from webapp.demo.scenes.town import bridge, gate, river, square
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
    "courtyard": courtyard,
    "gateway": gateway,
    "alley": alley,
    "bus": bus,
    "counter": counter,
    "school": school,
    "garden": garden,
    "signs": signs,
    "crossing": crossing,
    "board": board,
    "soup": soup,
    "kitchen": kitchen,
    "bridge": bridge,
    "square": square,
    "gate": gate,
    "river": river,
    "blocks": blocks,
    "bells": bells,
    "pitch": pitch,
    "shelves": shelves,
}


def draw(scene: Scene) -> bytes:
    """The file: the same bytes for the same scene and the same libraries."""
    return encode(scene, paint(scene))


def paint(scene: Scene) -> Image.Image:
    """The upright picture, without a file around it."""
    chance = random.Random(f"{scene.painter}:{scene.seed}")  # noqa: S311 (a drawing keeps no secret)
    size = round(scene.width * scene.near), round(scene.height * scene.near)
    sketch = Sketch(Canvas(*size), MOODS[scene.light], chance, scene.people)
    PAINTERS[scene.painter](sketch)
    if scene.near > 1:
        sketch.c.cut(scene.width, scene.height, *scene.look)
    image = sketch.finished()
    return ImageOps.mirror(image) if scene.mirrored else image
