"""Files that mean harm, or that met with it: drawn ones by kind, and what blows, cuts and lies make of any file."""

import random
import struct
import zlib
from collections.abc import Callable, Mapping
from io import BytesIO

from PIL import Image

from tests import makers_photo as makers

ODD = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF0, 0xFFFFFFFF)
Make = Callable[[], bytes]


def seeds() -> dict[str, bytes]:
    """Honest pictures to begin with, each kind with its metadata."""
    picture = makers.grain(96, 64)
    block = makers.exif({makers.MAKE: "Jolla"}, {makers.ORIGINAL: "2014:09:21 16:00:56"}, makers.gps_block())
    found = {
        kind: makers.encoded(picture, kind, exif=block.tobytes()) for kind in ("JPEG", "PNG", "WEBP", "HEIF", "AVIF")
    }
    frames = {"save_all": True, "append_images": [makers.grain(96, 64) for _ in range(3)]}
    found["progressive"] = makers.encoded(picture, progressive=True, icc_profile=makers.display_p3())
    found["MPO"] = makers.encoded(picture, "MPO", **frames)
    found["moving WebP"] = makers.encoded(picture, "WEBP", **frames)
    found["moving AVIF"] = makers.encoded(picture, "AVIF", **frames)
    found["16 bits"] = makers.encoded(Image.new("I;16", (64, 48), 300), "PNG")
    found["motion photo"] = found["JPEG"] + b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 40
    return found


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_with(*chunks: bytes) -> bytes:
    """An honest PNG with these chunks behind its header."""
    plain = makers.encoded(makers.grain(64, 48), "PNG")
    return plain[:33] + b"".join(chunks) + plain[33:]


def swollen(name: bytes, head: bytes, megabytes: int) -> bytes:
    """A chunk that is a few kilobytes, and so many megabytes once it is unpacked."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(megabytes)) + packer.flush()
    return png_with(chunk(name, head + packed))


def looping_ifds() -> bytes:
    """Directories that point at each other, and at themselves."""
    main = struct.pack("<H", 3) + makers.entry(makers.EXIF, 4, 1, 8) + makers.entry(makers.GPS, 4, 1, 8)
    return makers.with_exif(b"II*\0\x08\0\0\0" + main + makers.entry(0xA005, 4, 1, 8) + struct.pack("<I", 8))


def deep_ifds() -> bytes:
    """A thousand directories, one behind the other."""
    each, tiff = 18, bytearray(b"II*\0\x08\0\0\0")
    for number in range(1000):
        tiff += struct.pack("<H", 1) + makers.entry(0x10F, 2, 4, 0x41414141)
        tiff += struct.pack("<I", 8 + each * (number + 1))
    return makers.with_exif(bytes(tiff))


def many_values() -> bytes:
    """Each tag claims two thousand million values."""
    tags = (0x10F, 0x110, 0x112, 0x132, 0x9003, makers.EXIF, makers.GPS)
    entries = b"".join(makers.entry(tag, kind, 0x7FFFFFFF, 8) for tag in tags for kind in (2, 3, 5, 7, 10, 12))
    return makers.with_exif(b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries) // 12) + entries + bytes(4))


def not_numbers() -> bytes:
    """0/0 and infinity wherever a number stands."""
    gps = {1: "N", 2: makers.NOTHING, 3: "E", 4: makers.NOTHING, 7: makers.NOTHING, 31: makers.NOTHING[0]}
    return makers.encoded(makers.grain(64, 48), exif=makers.exif({282: makers.NOTHING[0]}, {}, gps))


def tiff_in_jpeg() -> bytes:
    """An EXIF block that holds a whole TIFF of many pages."""
    stream = BytesIO()
    pages = [Image.new("L", (20, 20), tone) for tone in range(30)]
    pages[0].save(stream, "TIFF", save_all=True, append_images=pages[1:])
    return makers.with_exif(stream.getvalue()[:65_000])


def webp_bomb() -> bytes:
    """A moving picture that claims a canvas of 16,384 pixels each way, and has three frames."""
    data = bytearray(seeds()["moving WebP"])
    at = data.find(b"VP8X")
    data[at + 12 : at + 18] = (16383).to_bytes(3, "little") * 2
    return bytes(data)


def jpeg_sized(width: int, height: int) -> bytes:
    """A small JPEG whose header says another size."""
    data = bytearray(makers.encoded(makers.grain(64, 48)))
    at = data.find(b"\xff\xc0")
    struct.pack_into(">HH", data, at + 5, height, width)
    return bytes(data)


def moving(kind: str) -> bytes:
    frame = makers.grain(64, 48)
    return makers.encoded(frame, kind, save_all=True, append_images=[makers.grain(64, 48) for _ in range(200)])


CORPUS: Mapping[str, Make] = {
    "a maker note of four thousand million bytes": makers.maker_note_bomb,
    "directories that are slow to walk": makers.slow_walk,
    "directories in a loop": looping_ifds,
    "a thousand directories": deep_ifds,
    "two thousand million values": many_values,
    "0/0 everywhere": not_numbers,
    "a TIFF of thirty pages as EXIF": tiff_in_jpeg,
    "a PNG of 60,000 x 60,000": lambda: makers.png_bomb(60_000, 60_000),
    "a PNG of 14,000 x 14,000 that is cut off": lambda: makers.png_bomb(14_000, 14_000),
    "a PNG without width": lambda: makers.png_bomb(0, 7),
    "a JPEG of 65,000 x 65,000": lambda: jpeg_sized(65_000, 65_000),
    "a JPEG of 14,000 x 14,000 that is cut off": lambda: jpeg_sized(14_000, 14_000),
    "a JPEG without height": lambda: jpeg_sized(64, 0),
    "three thousand scans": lambda: makers.many_scans(5000, 5000, 3000),
    "a profile of 300 MB": lambda: swollen(b"iCCP", b"x\0\0", 300),
    "a text of 300 MB": lambda: swollen(b"zTXt", b"Comment\0\0", 300),
    "XMP of 300 MB": lambda: swollen(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0", 300),
    "a WebP of 16,384 x 16,384 that moves": webp_bomb,
    "a WebP of 200 frames": lambda: moving("WEBP"),
    "an AVIF of 200 frames": lambda: moving("AVIF"),
    "a broken profile": lambda: makers.encoded(makers.grain(64, 48), icc_profile=makers.display_p3()[:200]),
    "nothing but a beginning": lambda: b"\xff\xd8\xff",
    "nothing but a box": lambda: b"\0\0\0\x18ftypheic\0\0\0\0heicmif1",
    "a box that is longer than the file": lambda: b"\xff\xff\xff\xffftypavif" + bytes(100),
}


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The file after one to twelve blows: bytes flipped, odd numbers written, parts cut, doubled or swapped."""
    made = bytearray(data)
    for _ in range(chance.randint(1, 12)):
        if len(made) < 16:
            break
        # Half of the blows fall on the headers, where they hurt.
        at = chance.randrange(4, chance.choice((min(600, len(made)), len(made))) - 8)
        match chance.randrange(6):
            case 0 | 1:
                made[at] ^= 1 << chance.randrange(8)
            case 2:
                made[at] = chance.choice((0, 255, 127, 128))
            case 3:
                width, order = chance.choice((2, 4)), chance.choice(("big", "little"))
                made[at : at + width] = (chance.choice(ODD) & (256**width - 1)).to_bytes(width, order)
            case 4:
                del made[at : at + chance.randint(1, 64)]
            case _:
                made[at:at] = made[at : at + chance.randint(1, 64)]
    if chance.random() < 0.2:
        del made[chance.randrange(len(made)) :]
    return bytes(made)
