"""A JPEG's segments: its picture without a word beside it. After ITU T.81, annex B.

Nothing is decoded. Whatever is not known to be needed for the pixels is left out; where the order of things is not
the usual one, the answer is None, and whoever asks draws the picture anew.
"""

import struct

SOI, EOI, SOS, DHT, DQT, DRI, DNL = 0xD8, 0xD9, 0xDA, 0xC4, 0xDB, 0xDD, 0xDC
FRAMES = (0xC0, 0xC1, 0xC2)  # baseline, extended, progressive
NEEDED = {SOS, DHT, DQT, DRI, DNL, *FRAMES}
RESTARTS = range(0xD0, 0xD8)
ADOBE = 0xEE
JFIF = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"


def bare(data: bytes) -> bytes | None:
    """The same pixels with a plain JFIF header and nothing else, up to the picture's end.

    None where that cannot be had: it is cut off, or its colours are not grey or the usual three.
    """
    kept, at, usual = [b"\xff\xd8", JFIF], 2, False
    while (at := _marker(data, at)) >= 0 and data[at + 1] != EOI:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        end = at + 2 + length
        if length < 2 or end > len(data) or _strange(marker, data[at + 4 : end]):
            return None
        if marker == SOS:
            end = _scan_end(data, end)
        if marker in NEEDED:
            kept.append(data[at:end])
        usual, at = usual or marker in FRAMES, end
    return b"".join([*kept, b"\xff\xd9"]) if at >= 0 and usual else None


def with_segments(jpeg: bytes, *segments: tuple[int, bytes]) -> bytes:
    """The JPEG with these segments (marker, content) after its JFIF header."""
    at = 2
    if jpeg[2:4] == b"\xff\xe0":
        at = 4 + int.from_bytes(jpeg[4:6], "big")
    more = b"".join(struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content for marker, content in segments)
    return jpeg[:at] + more + jpeg[at:]


def _strange(marker: int, content: bytes) -> bool:
    """Whether something beside the pixels is needed to understand them, or print shops cannot open them."""
    if marker in FRAMES:
        return not _usual_colours(content)
    if marker == ADOBE and content.startswith(b"Adobe"):
        return content[11:12] != b"\1"  # its three colours are not YCbCr
    return 0xC0 <= marker <= 0xCF and marker != DHT  # arithmetic coding, or lossless


def _usual_colours(frame: bytes) -> bool:
    """One component, or three that are numbered 1, 2, 3 and so mean YCbCr whatever was said beside them; 8 bits."""
    count = frame[5] if len(frame) > 5 else 0
    ids = tuple(frame[6::3][:count])
    return frame[:1] == b"\x08" and (ids == (1, 2, 3) or count == 1)


def _marker(data: bytes, at: int) -> int:
    """Where the next marker stands, which must be here (fill bytes may come before it); -1 where it does not."""
    while data[at : at + 2] == b"\xff\xff":
        at += 1
    return at if data[at : at + 1] == b"\xff" and at + 1 < len(data) and data[at + 1] != 0 else -1


def _scan_end(data: bytes, at: int) -> int:
    """Where the coded pixels end: at the first marker that is no restart."""
    while (at := data.find(b"\xff", at)) >= 0:
        if at + 1 >= len(data):
            break
        if data[at + 1] != 0 and data[at + 1] not in RESTARTS and data[at + 1] != 0xFF:
            return at
        at += 1 if data[at + 1] == 0xFF else 2
    return len(data)
