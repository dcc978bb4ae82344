"""Bytes of pictures, honest and hostile, made as a test needs them."""

import struct
import zlib
from io import BytesIO
from typing import Any

import pillow_heif
from PIL import ExifTags, Image, ImageCms, ImageDraw
from PIL.TiffImagePlugin import IFDRational

from webapp.bench.drawing import display_p3 as display_p3

pillow_heif.register_heif_opener()

RED, GREEN, BLUE, YELLOW = (220, 30, 30), (30, 200, 30), (30, 30, 220), (220, 220, 30)
CORNERS = (RED, GREEN, BLUE, YELLOW)
"""Clockwise from the top left, as a person sees the pictures that `corners` draws."""

EXIF, GPS = 0x8769, 0x8825
ORIENTATION, MAKE, MODEL, MODIFIED = 274, 271, 272, 306
ORIGINAL, DIGITIZED, OFFSET, OFFSET_ORIGINAL, OFFSET_DIGITIZED = 36867, 36868, 36880, 36881, 36882

# What a camera stores so that a viewer, turning by that orientation, sees the upright picture.
_STORED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def corners(width: int = 640, height: int = 480) -> Image.Image:
    """Four quarters in the colours of CORNERS."""
    image = Image.new("RGB", (width, height), RED)
    draw = ImageDraw.Draw(image)
    x, y = width // 2, height // 2
    draw.rectangle((x, 0, width, y), GREEN)
    draw.rectangle((x, y, width, height), BLUE)
    draw.rectangle((0, y, x, height), YELLOW)
    return image


def seen_corners(image: Image.Image) -> tuple[tuple[int, int, int], ...]:
    """The colours of CORNERS nearest to what stands in the four quarters, clockwise."""
    right, bottom = image.width * 3 // 4, image.height * 3 // 4
    left, top = image.width // 4, image.height // 4
    points = ((left, top), (right, top), (right, bottom), (left, bottom))
    return tuple(_nearest(image.convert("RGB").getpixel(point)) for point in points)


def _nearest(colour: Any) -> tuple[int, int, int]:
    return min(CORNERS, key=lambda known: sum((a - b) ** 2 for a, b in zip(known, colour, strict=True)))


def grain(width: int, height: int) -> Image.Image:
    """A picture in which no row is flat, as from a camera."""
    return Image.merge("RGB", [Image.effect_noise((width, height), 60) for _ in range(3)])


def encoded(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    stream = BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def turned(
    orientation: int, image: Image.Image | None = None, gps: dict[int, Any] | None = None, **more: Any
) -> bytes:
    """A JPEG that shows `image` (or the four corners) upright to whoever obeys its orientation. `more`: other tags by
    their names in EXIF."""
    image = image or corners()
    if orientation in _STORED:
        image = image.transpose(_STORED[orientation])
    tags = {ORIENTATION: orientation, **{getattr(ExifTags.Base, name): value for name, value in more.items()}}
    return encoded(image, exif=exif(tags, gps=gps), quality=90)


def exif(
    main: dict[int, Any] | None = None,
    inner: dict[int, Any] | None = None,
    gps: dict[int, Any] | None = None,
) -> Image.Exif:
    block = Image.Exif()
    block.update(main or {})
    if inner:
        block.get_ifd(EXIF).update(inner)
    if gps:
        block.get_ifd(GPS).update(gps)
    return block


def gps_block(lat: float = 50.0755, lon: float = 14.4378, lat_ref: str = "N", lon_ref: str = "E") -> dict[int, Any]:
    return {1: lat_ref, 2: degrees(lat), 3: lon_ref, 4: degrees(lon)}


def degrees(value: float) -> tuple[IFDRational, ...]:
    whole, rest = divmod(round(value * 3_600_000), 3_600_000)
    minutes, milli = divmod(rest, 60_000)
    return IFDRational(whole, 1), IFDRational(minutes, 1), IFDRational(milli, 1000)


NOTHING = (IFDRational(0, 0),) * 3


# What begins a block of metadata, or stands in one. Each is long enough not to come up in compressed pixels by
# chance: three letters do, once in some forty files of the size of a panel.
TRACES = (b"Exif\0\0", b"GPSLatitude", b"MPF\0MM", b"MPF\0II", b"Secretcam", b"secret comment")
XMP_TRACE = b"http://ns.adobe.com/xap"


def with_exif(tiff: bytes, image: Image.Image | None = None) -> bytes:
    """A JPEG (8x8 unless given) with that EXIF block, whatever it is."""
    plain = encoded(image or Image.new("L", (8, 8), 99), optimize=True)
    return with_segment(plain, 0xE1, b"Exif\0\0" + tiff)


def with_segment(jpeg: bytes, marker: int, content: bytes) -> bytes:
    """The JPEG with one more segment at its front."""
    return jpeg[:2] + struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content + jpeg[2:]


def segments(jpeg: bytes) -> dict[int, bytes]:
    """Everything in a JPEG before its pixels, by marker. Fails where anything follows their end."""
    found, at = {}, 2
    while (marker := jpeg[at + 1]) != 0xDA:
        assert jpeg[at] == 0xFF
        length = int.from_bytes(jpeg[at + 2 : at + 4], "big")
        found[marker] = found.get(marker, b"") + jpeg[at + 4 : at + 2 + length]
        at += 2 + length
    assert jpeg.find(b"\xff\xd9", at) == len(jpeg) - 2
    return found


def is_bare(jpeg: bytes) -> bool:
    """No segment but JFIF's and those a decoder needs, nothing after the end."""
    found = segments(jpeg)
    extras = {marker for marker in found if 0xE0 <= marker <= 0xEF or marker == 0xFE}
    return extras <= {0xE0} and len(found.get(0xE0, b"")) <= 14


def entry(tag: int, kind: int, count: int, value: int) -> bytes:
    return struct.pack("<HHII", tag, kind, count, value)


def maker_note_bomb() -> bytes:
    """A maker note that claims four thousand million bytes; exifread walks them one by one."""
    main = struct.pack("<H", 1) + entry(EXIF, 4, 1, 26) + bytes(4)
    inner = struct.pack("<H", 1) + entry(0x927C, 7, 0xFFFFFFF0, 8) + bytes(4)
    return with_exif(b"II*\0\x08\0\0\0" + main + inner)


def slow_walk() -> bytes:
    """Thirty chained directories over the same 5,000 longest entries: slow whatever exifread's arguments."""
    entries, each, chained = 5000, 12, 30
    tiff = bytearray(b"II*\0\x08\0\0\0" + struct.pack("<H", entries))
    tiff += entry(0x1234, 1, 999, 8) * entries + bytes(4 + each * chained)
    for step in range(chained):
        # Each starts an entry later and ends an entry later, where its link to the next one is.
        start = 8 + each * step
        struct.pack_into("<H", tiff, start, entries)
        struct.pack_into("<I", tiff, start + 2 + each * entries, start + each)
    return with_exif(bytes(tiff), grain(64, 48))


def png_bomb(width: int, height: int) -> bytes:
    """The header of a huge PNG and a breath of pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1 << 20))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def many_scans(width: int, height: int, count: int) -> bytes:
    """A progressive JPEG whose last scan comes again and again: each goes over all pixels."""
    plain = encoded(Image.new("L", (width, height), 99), progressive=True)
    last = plain.rindex(b"\xff\xda")
    return plain[:-2] + plain[last:-2] * count + plain[-2:]


def srgb() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
