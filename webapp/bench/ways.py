"""One way of making three JPEGs of a picture, in a process of its own, which loads only what that way needs.

A line of JSON a picture on its input (`path`, `folder`); on its output the CPU seconds that all of its threads took
for it (`cpu`), and the most memory that the process ever had, in bytes (`peak`). Started by `photos`.
"""

import json
import os
import sys
import time
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageCms, ImageOps

EDGES = (2000, 1280, 320)
QUALITY = 80
Image.MAX_IMAGE_PIXELS = None


class Way:
    """What is measured is `make`; `prepare` comes before it."""

    def prepare(self, data: bytes) -> None:
        pass

    def make(self, data: bytes, folder: Path) -> None:
        """Writes 2000.jpg, 1280.jpg and 320.jpg into `folder`."""
        raise NotImplementedError


class Naive(Way):
    """Pillow as its tutorial goes: everything at full size, and a profile's colours converted."""

    def make(self, data: bytes, folder: Path) -> None:
        image = upright(data)
        for edge in EDGES:
            image.resize(fitted(image.size, edge), Image.Resampling.LANCZOS).save(
                folder / f"{edge}.jpg", quality=QUALITY
            )


class Vips(Way):
    """pyvips shrinks while it loads, turns and converts; each size from the one before."""

    def __init__(self) -> None:
        os.environ["VIPS_CONCURRENCY"] = "1"
        import pyvips  # type: ignore[import-not-found, unused-ignore]

        pyvips.cache_set_max(0)
        self.library = pyvips

    def make(self, data: bytes, folder: Path) -> None:
        image = self.library.Image.thumbnail_buffer(data, EDGES[0], height=EDGES[0], output_profile="srgb")
        for edge in EDGES:
            smaller = image if edge == EDGES[0] else image.thumbnail_image(edge, height=edge)
            image = smaller.copy_memory()
            image.jpegsave(str(folder / f"{edge}.jpg"), Q=QUALITY, keep="none")


class Limit(Way):
    """What nobody can save: decoding half of the pixels each way, and encoding three pictures that lie there."""

    def prepare(self, data: bytes) -> None:
        half = self._half(data)
        self.lying = [half.resize(fitted(half.size, edge), Image.Resampling.LANCZOS) for edge in EDGES]

    def make(self, data: bytes, folder: Path) -> None:
        self._half(data)
        for edge, image in zip(EDGES, self.lying, strict=True):
            image.save(folder / f"{edge}.jpg", quality=QUALITY)

    def _half(self, data: bytes) -> Image.Image:
        image = Image.open(BytesIO(data))
        image.draft("YCbCr", (image.width // 2, image.height // 2))
        image.load()
        return image


class Decode(Way):
    """A HEIC's pixels, and nothing made of them."""

    def __init__(self) -> None:
        import pillow_heif

        pillow_heif.register_heif_opener(thumbnails=False)
        pillow_heif.options.DECODE_THREADS = 0  # as ours: see thumbnails

    def make(self, data: bytes, folder: Path) -> None:
        Image.open(BytesIO(data)).load()


class Ours(Way):
    """What intake does once it has read what the file says of itself."""

    def __init__(self) -> None:
        from webapp.photo import thumbnails
        from webapp.photo.rules import sniff

        self.thumbnails, self.sniff = thumbnails, sniff

    def prepare(self, data: bytes) -> None:
        self.kind = self.sniff(data[:4096]) or ""
        opened = self.thumbnails.open_picture(data, self.kind)
        self.turn = self.thumbnails.turn_of(self.kind, opened.getexif().get(274))

    def make(self, data: bytes, folder: Path) -> None:
        self.thumbnails.make(data, self.kind, self.turn, folder)


WAYS = {"naive": Naive, "pyvips": Vips, "limit": Limit, "decode": Decode, "ours": Ours}


def upright(data: bytes) -> Image.Image:
    """All pixels, turned, in sRGB."""
    opened = Image.open(BytesIO(data))
    profile = opened.info.get("icc_profile")
    image: Image.Image = ImageOps.exif_transpose(opened)
    if profile:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), inPlace=True)
        image.info.pop("icc_profile")
    return image


def fitted(size: tuple[int, int], edge: int) -> tuple[int, int]:
    return round(size[0] * edge / max(size)), round(size[1] * edge / max(size))


def main(name: str) -> None:
    way = WAYS[name]()
    for line in sys.stdin:
        asked = json.loads(line)
        data = Path(asked["path"]).read_bytes()
        way.prepare(data)
        began = time.process_time()
        way.make(data, Path(asked["folder"]))
        took = time.process_time() - began
        print(json.dumps({"cpu": took, "peak": _peak()}), flush=True)  # noqa: T201


def _peak() -> int:
    """What getrusage says of it would be the parent's, where that one is larger. Linux only."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))
