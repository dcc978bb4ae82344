"""Pictures to measure with: drawn, with the grain of a camera in the evening and what a camera says of itself."""

import struct
from io import BytesIO

import pillow_heif
from PIL import Image, ImageDraw

pillow_heif.register_heif_opener()

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


def drawn(
    size: tuple[int, int],
    seed: int,
    kind: str = "JPEG",
    orientation: int = 1,
    profile: bytes | None = None,
    quality: int = 93,
    grain: float = 0.12,
) -> bytes:
    """Houses and sky of that size upright, stored as `orientation` says, with EXIF and GPS.

    `profile`: an ICC profile that goes into the file; the numbers stay as they are.
    """
    image = Image.linear_gradient("L").resize(size).rotate(180)
    image = Image.merge("RGB", [image.point(lambda value, k=k: 40 + value * k // 4) for k in (2, 2, 3)])
    draw = ImageDraw.Draw(image)
    for house in range(40):
        left, top = house * size[0] // 40, size[1] // 3 + (house * 7919 + seed * 104729) % (size[1] // 3)
        tone = 60 + (house * 53 + seed * 31) % 150
        draw.rectangle((left, top, left + size[0] // 40, size[1]), fill=(tone, tone * 3 // 4, tone // 2))
        for window in range(30):
            y = top + 40 + window * 60
            draw.rectangle((left + 20, y, left + 50, y + 35), fill=(250, 220, tone))
    noise = Image.merge("RGB", [Image.effect_noise(size, 28) for _ in range(3)])
    image = Image.blend(image, noise, grain)
    if orientation in _STORED:
        image = image.transpose(_STORED[orientation])
    exif = Image.Exif()
    exif[271], exif[274] = "Benchcam", orientation
    exif.get_ifd(0x8825).update({1: "N", 2: (50.0, 5.0, 1.0), 3: "E", 4: (14.0, 25.0, 1.0)})
    stream = BytesIO()
    more = {"icc_profile": profile} if profile else {}
    image.save(stream, kind, quality=quality, exif=exif.tobytes(), **more)
    return stream.getvalue()


def display_p3() -> bytes:
    """A small ICC profile with the primaries of Display P3 and a gamma of 2.2."""

    def xyz(*values: float) -> bytes:
        return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(value * 65536) for value in values))

    name = b"Display P3\0"
    described = b"desc\0\0\0\0" + struct.pack(">I", len(name)) + name + bytes(78)
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(2.2 * 256)) + b"\0\0"
    tags = {
        b"desc": described + bytes(-len(described) % 4),
        b"cprt": b"text\0\0\0\0none\0\0\0\0",
        b"wtpt": xyz(0.9642, 1.0, 0.8249),
        b"rXYZ": xyz(0.51512, 0.2412, -0.00105),
        b"gXYZ": xyz(0.29198, 0.69225, 0.04189),
        b"bXYZ": xyz(0.1571, 0.06657, 0.78407),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    at = 128 + 4 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for tag, data in tags.items():
        table += tag + struct.pack(">II", at + len(body), len(data))
        body += data
    size = at + len(body)
    header = struct.pack(">I4xI4s4s4s", size, 0x02400000, b"mntr", b"RGB ", b"XYZ ")
    header += struct.pack(">6H4s4s28x", 2024, 1, 1, 0, 0, 0, b"acsp", b"APPL")
    header += struct.pack(">3i", 63190, 65536, 54061)
    return header.ljust(128, b"\0") + table + body
