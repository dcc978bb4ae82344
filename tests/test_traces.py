"""What a camera writes beside the pixels leaves by no page, file or export, but in the untouched originals."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from io import BytesIO
from uuid import UUID

import pillow_heif
import pypdf
from flask import Flask
from PIL import Image, PngImagePlugin
from pypdf.generic import StreamObject

from tests.export.makers import made
from tests.makers import MadeWalk, make_photo
from tests.makers_photo import EXIF, GPS, corners, display_p3, encoded, with_segment
from tests.test_doors import DOORS, IN, House, address_of, doors_of, house  # noqa: F401 -- a fixture
from webapp.database import transaction
from webapp.exhibition import changes as exhibition_changes
from webapp.exhibition.rules import State
from webapp.export import changes as export_changes
from webapp.export.formats import FILES
from webapp.export.rules import Subject
from webapp.people import queries as people_queries
from webapp.photo import queries as photo_queries
from webapp.photo.regions import Region, Shape, Style
from webapp.photo.rules import EDGES
from webapp.upkeep.painting import Wish, paint_over

MARK = b"trace-of-"
"""Begins everything that is hidden in a picture here; no page says it, and chance does not make it."""
PLACES = ("exif", "gps", "maker", "thumbnail", "xmp", "iptc", "profile", "comment", "mpf", "unknown", "tail")

# Whoever takes these away knows: an organiser, whose name is noted, or the person whose photos they are.
UNTOUCHED = {
    "GET /desk/walks/<uuid:walk_id>/originals.zip",
    "GET /desk/participants/<uuid:participant_id>/data.zip",
    "export originals",
}


def mark(name: str) -> bytes:
    return MARK + name.encode()


def tiff() -> bytes:
    """An EXIF block with words in each of its directories, and a small picture of its own."""
    small = with_segment(encoded(Image.new("RGB", (16, 12), "red")), 0xFE, mark("thumbnail"))
    data = bytearray(b"II*\0\x08\0\0\0")

    def directory(*fields: tuple[int, int, bytes | int]) -> int:
        """Ends with the address of the next directory, which is none; returns where that stands."""
        start = len(data)
        data.extend(struct.pack("<H", len(fields)) + bytes(12 * len(fields) + 4))
        for number, (tag, kind, value) in enumerate(fields):
            at, count = (value, 1) if isinstance(value, int) else (len(data), len(value))
            struct.pack_into("<HHII", data, start + 2 + 12 * number, tag, kind, count, at)
            data.extend(b"" if isinstance(value, int) else value)
        return start + 2 + 12 * len(fields)

    def point(where: int) -> None:
        struct.pack_into("<I", data, where, len(data))

    ascii_, long, opaque = 2, 4, 7
    end = directory((0x10E, ascii_, mark("exif") + b"\0"), (EXIF, long, 0), (GPS, long, 0))
    inner, gps = end - 2 * 12 + 8, end - 12 + 8
    point(inner)
    directory((0x927C, opaque, mark("maker")), (0x9286, opaque, b"ASCII\0\0\0" + mark("exif")))
    point(gps)
    directory((27, opaque, b"ASCII\0\0\0" + mark("gps")))
    point(end)
    last = directory((0x103, 3, 6), (0x201, long, 0), (0x202, long, len(small)))
    point(last - 2 * 12 + 8)
    return bytes(data) + small


def jpeg() -> bytes:
    profile = display_p3().replace(b"Display P3", mark("p")[:10])
    data = encoded(corners(2400, 1800), icc_profile=profile)
    name = mark("iptc")
    record = b"\x1c\x02\x78" + struct.pack(">H", len(name)) + name
    resource = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(record)) + record + bytes(len(record) % 2)
    more = [
        (0xFE, mark("comment")),
        (0xEF, mark("unknown")),
        (0xE2, b"MPF\0" + mark("mpf")),
        (0xED, b"Photoshop 3.0\0" + resource),
        (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp()),
        (0xE1, b"Exif\0\0" + tiff()),
    ]
    for marker, content in more:
        data = with_segment(data, marker, content)
    return data + b"\0\0\0\x18ftypmp42" + mark("tail")


def xmp() -> bytes:
    return b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><!--' + mark("xmp") + b"--></x:xmpmeta>"


def png() -> bytes:
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", mark("comment").decode())
    words.add_itxt("XML:com.adobe.xmp", xmp().decode())
    words.add(b"prVt", mark("unknown"))
    return encoded(corners(1400, 900), "PNG", pnginfo=words, exif=tiff()) + mark("tail")


def webp() -> bytes:
    return encoded(corners(900, 700), "WEBP", exif=b"Exif\0\0" + tiff(), xmp=xmp()) + mark("tail")


def heic() -> bytes:
    stream = BytesIO()
    pillow_heif.from_pillow(corners(900, 700)).save(stream, exif=b"Exif\0\0" + tiff(), xmp=xmp())
    return stream.getvalue() + b"\0\0\0\x20free" + mark("tail").ljust(24)


def unpacked(data: bytes) -> Iterator[bytes]:
    """The file, and everything that is packed in it."""
    yield data
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as pack:
            for name in pack.namelist():
                yield from unpacked(pack.read(name))
    elif data.startswith(b"%PDF"):
        reader = pypdf.PdfReader(io.BytesIO(data))
        for number in range(1, len(reader.xref[0]) + len(reader.xref_objStm) + 1):
            found = reader.get_object(number)
            if isinstance(found, StreamObject) and found.get("/Filter") == "/FlateDecode":
                yield found.get_data()
    elif data.startswith(b"\x89PNG"):
        at = 8
        while at + 8 <= len(data):  # words may be packed, too
            (length,) = struct.unpack(">I", data[at : at + 4])
            if data[at + 4 : at + 8] in (b"zTXt", b"iTXt", b"iCCP"):
                yield from unzipped(data[at + 8 : at + 8 + length])
            at += length + 12


def unzipped(chunk: bytes) -> Iterator[bytes]:
    for at in range(len(chunk) - 1):
        if chunk[at] == 0x78:
            try:
                yield zlib.decompressobj().decompress(chunk[at:])
            except zlib.error:
                continue


def has_traces(data: bytes) -> bool:
    return any(MARK in each for each in unpacked(data))


def test_the_pictures_of_this_test_are_full_of_traces() -> None:
    found = jpeg()
    assert [name for name in PLACES if mark(name) not in found and name != "profile"] == []
    assert all(MARK in made for made in (png(), webp(), heic()))
    assert has_traces(zipped(found)) and not has_traces(zipped(encoded(corners(16, 16))))


def zipped(data: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("a.jpg", data)
    return stream.getvalue()


def test_no_page_file_or_export_has_a_trace_of_a_camera(house: House, app: Flask, walk: MadeWalk) -> None:  # noqa: F811
    values = house.values
    author = UUID(str(values["participant_id"]))
    with app.app_context():
        photos = [make_photo(app, walk, author, data) for data in (jpeg(), png(), webp(), heic())]
        photos.append(painted_over(make_photo(app, walk, author, jpeg() + mark("another"))))
        with transaction():
            for photo in photos:
                exhibition_changes.decide(UUID(str(values["exhibition_id"])), photo, State.PICK, None)
    found = {**routes(house, photos), **exports(house)}
    sealed = found["GET /desk/photos/<uuid:photo_id>/sealed/<int:edge>"]
    assert len(sealed) == len(photos) * len(EDGES)
    assert {name for name, data in found.items() if any(map(has_traces, data))} == UNTOUCHED


def painted_over(photo_id: UUID) -> UUID:
    """The same photo, painted over; what is sealed comes to its owner."""
    photo, owner = photo_queries.photo(photo_id), people_queries.organiser_by_email("owner@example.org")
    assert photo is not None and owner is not None
    wanted = photo_queries.to_paint(photo, True)
    assert wanted is not None
    seen = (photo.painted, wanted.picture.sha256)
    face = Region(Shape.ELLIPSE, 0.25, 0.25, 0.5, 0.5)
    paint_over(photo_id, owner.id, Wish((face,), Style.OPAQUE, True, seen, True))
    return photo_id


def routes(house: House, photos: list[UUID]) -> Mapping[str, list[bytes]]:  # noqa: F811
    """Everything that can be had by a GET, for each of the photos in each size."""
    clients = {who: house.browser_of(who) for who in ("owner", "walker", "phone")}
    came: dict[str, list[bytes]] = {}
    pictures = 0
    for name, rule, method in doors_of(house.app):
        if method != "GET" or "logout" in name:
            continue
        client = next((clients[who] for who in clients if DOORS[name][who] is IN), clients["owner"])
        edges = EDGES if "edge" in rule.arguments else (320,)
        each = photos if "photo_id" in rule.arguments else photos[:1]
        for photo in each:
            for edge in edges:
                address = address_of(rule, {**house.values, "photo_id": photo, "edge": edge})
                answer = client.get(address)
                assert answer.status_code < 500, address
                if answer.status_code == 200:
                    came.setdefault(name, []).append(answer.data)
                    pictures += answer.mimetype == "image/jpeg"
    assert pictures >= len(photos) * len(EDGES) * 4, "hardly a picture came"
    return came


def exports(house: House) -> Mapping[str, list[bytes]]:  # noqa: F811
    values, came = house.values, dict[str, list[bytes]]()
    subjects = {
        Subject.EXHIBITION: values["exhibition_id"],
        Subject.MEETING: values["meeting_id"],
        Subject.WALK: values["walk_id"],
        Subject.PROJECT: values["project_id"],
    }
    client = house.browser_of("owner")
    for name, format_ in FILES.items():
        subject = next(each for each in subjects if each in format_.subjects)
        wanted = {subject.value: str(subjects[subject])}
        if format_.papers:
            wanted["paper"] = next(iter(format_.papers))
        with house.app.app_context(), transaction():
            owner = people_queries.organiser_by_email("owner@example.org")
            assert owner is not None
            project = UUID(str(values["project_id"]))
            export_id = export_changes.ask(project, owner.id, name, wanted, "en", "a file").id
        made(house.app, export_id)
        answer = client.get(f"/desk/exports/{export_id}/file")
        assert answer.status_code == 200, name
        came[f"export {name}"] = [answer.data]
    return came
