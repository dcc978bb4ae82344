"""Words inside a JPEG, where print shops and archives look for them, and the colour profile.

XMP as Adobe's "XMP Specification Part 3" puts it into a JPEG; the fields of the "IPTC Photo Metadata Standard
2023.1"; the older IPTC-IIM 4.2 (records 1 and 2) inside Photoshop's resource 0x0404. Nothing else: no camera, no
place, no small picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from xml.sax.saxutils import escape, quoteattr

from PIL import ImageCms

from webapp.photo.segments import with_segments

APP1, APP2, APP13 = 0xE1, 0xE2, 0xED
LONGEST = 65_500  # bytes of one segment
UTF8 = b"\x1b%G"
VERSION, OBJECT_NAME, BY_LINE, CREDIT, COPYRIGHT, CAPTION = 0, 5, 80, 110, 116, 120
MOST = {OBJECT_NAME: 64, BY_LINE: 32, CREDIT: 32, COPYRIGHT: 128, CAPTION: 2000}  # bytes, as the standard allows


@dataclass(frozen=True)
class Words:
    """`captions`: (language, words), the first is the one for whoever knows no language. `creator` may be nobody."""

    title: str
    creator: str
    credit: str
    rights: str
    captions: Sequence[tuple[str, str]]


def embed(jpeg: bytes, words: Words) -> bytes:
    """The JPEG with these words, and the profile sRGB."""
    packet = xmp(words, alt=True)
    if len(packet) > LONGEST:
        packet = xmp(words, alt=False)  # the caption says the same
    parts = [(APP1, b"http://ns.adobe.com/xap/1.0/\0" + packet)] if len(packet) <= LONGEST else []
    parts += [(APP13, iim(words)), (APP2, b"ICC_PROFILE\0\1\1" + srgb())]
    return with_segments(jpeg, *parts)


def xmp(words: Words, alt: bool) -> bytes:
    """The packet."""
    captions = _alternatives(words.captions)
    fields = [f"<dc:title>{_alternatives([('', words.title)])}</dc:title>"]
    if words.creator:
        fields.append(f"<dc:creator><rdf:Seq><rdf:li>{escape(words.creator)}</rdf:li></rdf:Seq></dc:creator>")
    fields.append(f"<dc:rights>{_alternatives([('', words.rights)])}</dc:rights>")
    fields.append(f"<photoshop:Credit>{escape(words.credit)}</photoshop:Credit>")
    if words.captions:
        fields.append(f"<dc:description>{captions}</dc:description>")
        if alt:
            fields.append(f"<Iptc4xmpCore:AltTextAccessibility>{captions}</Iptc4xmpCore:AltTextAccessibility>")
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"'
        ' xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/">'
        f'{"".join(fields)}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
    ).encode()


def iim(words: Words) -> bytes:
    """The older fields, each cut to what the standard allows it."""
    caption = words.captions[0][1] if words.captions else ""
    sets = _dataset(1, 90, UTF8) + _dataset(2, VERSION, b"\0\4")
    for number, text in (
        (OBJECT_NAME, words.title),
        (BY_LINE, words.creator),
        (CREDIT, words.credit),
        (COPYRIGHT, words.rights),
        (CAPTION, caption),
    ):
        if text:
            sets += _dataset(2, number, cut(text, MOST[number]))
    padded = sets + b"\0" * (len(sets) % 2)
    return b"Photoshop 3.0\x008BIM\x04\x04\0\0" + len(sets).to_bytes(4, "big") + padded


def cut(text: str, most: int) -> bytes:
    """The text in UTF-8, shortened by whole letters."""
    data = text.encode()
    if len(data) <= most:
        return data
    return data[: most - 3].decode(errors="ignore").rstrip().encode() + "…".encode()


@cache
def srgb() -> bytes:
    """The profile."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def _alternatives(texts: Sequence[tuple[str, str]]) -> str:
    lines = [("x-default", texts[0][1]), *(each for each in texts if each[0])] if texts else []
    said = "".join(f"<rdf:li xml:lang={quoteattr(code)}>{escape(text)}</rdf:li>" for code, text in lines)
    return f"<rdf:Alt>{said}</rdf:Alt>"


def _dataset(record: int, number: int, data: bytes) -> bytes:
    return bytes((0x1C, record, number)) + len(data).to_bytes(2, "big") + data
