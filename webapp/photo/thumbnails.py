"""Bytes -> the three sizes: upright, sRGB, without a byte of metadata.

The fast road for a camera's JPEG: decode at half or less (`draft`), stay in YCbCr, shrink 2000 -> 1280 -> 320
with SIMD, and turn the picture only when it is small.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pillow_heif
from cykooz_resizer import (  # type: ignore[import-untyped, unused-ignore]
    FilterType,
    ResizeAlg,
    ResizeOptions,
)
from cykooz_resizer.rust_lib import (  # type: ignore[import-untyped, unused-ignore]
    PilImageWrapper,
    RustResizer,
)
from PIL import Image, ImageCms, ImageFile
from PIL.JpegImagePlugin import JpegImageFile

from webapp.photo.likeness import LONG, SHORT, fingerprint
from webapp.photo.redact import paint
from webapp.photo.regions import Region, Style
from webapp.photo.rules import EDGES, Reason, Size, Sizes
from webapp.photo.segments import bare

pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
# With threads of its own the decoder stood still for minutes, at 12 megapixels and at 48, on a machine that was busy.
pillow_heif.options.DECODE_THREADS = 0

# Pillow's own limit would refuse honest 200-megapixel phones: whoever calls asks `pixels` before decoding.
Image.MAX_IMAGE_PIXELS = None

QUALITY = 80
LARGEST = 1 << 16
"""A JPEG's side never has more pixels."""
PAINTED = 8192
"""Long edge that a painted picture has at most: enough for a sheet of A1 at 250 dots an inch."""

_FORMATS = {
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/heic": "HEIF",
    "image/heif": "HEIF",
    "image/avif": "AVIF",
}
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SPACES = {"RGB": "RGB ", "CMYK": "CMYK", "L": "GRAY"}
_SRGB = ImageCms.createProfile("sRGB")


class Unreadable(Exception):
    """No picture can be made of the file."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.detail = detail


class _Jpeg(JpegImageFile):
    """A JPEG's first picture, and never its metadata.

    Opened this way, a broken list of further pictures (MPO, as phones write) or EXIF cannot stop it.
    """

    def _read_dpi_from_exif(self) -> None:
        pass


def open_picture(data: bytes, kind: str) -> ImageFile.ImageFile:
    """The header, nothing decoded; `kind` as `sniff` gives it. Raises Unreadable."""
    try:
        if kind == "image/jpeg":
            return _Jpeg(BytesIO(data))
        return Image.open(BytesIO(data), formats=[_FORMATS[kind]])
    except MemoryError:
        raise
    except Exception as error:
        raise Unreadable(Reason.DAMAGED, _described(error)) from error


def pixels(image: ImageFile.ImageFile) -> int:
    """Counted over all frames, from the header."""
    return image.width * image.height * int(getattr(image, "n_frames", 1))


def turn_of(kind: str, orientation: int | None) -> int:
    """How the decoded pixels must still be turned, as an EXIF orientation; a HEIC was turned in decoding."""
    return 1 if kind in ("image/heic", "image/heif") else orientation or 1


def fitted(size: tuple[int, int], edge: int) -> tuple[int, int]:
    """`size` shrunk to that long edge, never enlarged; no side falls below one pixel."""
    longest = max(size)
    if longest <= edge:
        return size
    return max(1, round(size[0] * edge / longest)), max(1, round(size[1] * edge / longest))


def try_out(data: bytes, kind: str) -> tuple[str, ...]:
    """Decode as cheaply as an honest answer allows. Gives notes; raises Unreadable or MemoryError."""
    return _decode(data, kind, EDGES[-1])[1]


def make(data: bytes, kind: str, turn: int, folder: Path) -> tuple[Sizes, tuple[str, ...]]:
    """Write 2000.jpg, 1280.jpg and 320.jpg into `folder` and give their sizes, and notes for the log.

    `turn` as `turn_of` gives it. Nothing is synced or renamed here. Raises Unreadable, MemoryError, OSError.
    """
    image, notes = _decode(data, kind, EDGES[0])
    profile = image.info.get("icc_profile")
    # Pillow would write a JPEG's comment into each copy.
    image.info.clear()
    image = _shrink(image, fitted(image.size, EDGES[0]))
    if turn in _TURNS:
        image = image.transpose(_TURNS[turn])
    image = _in_srgb(_on_white(image), profile)
    sizes = []
    for edge in EDGES:
        image = _shrink(image, fitted(image.size, edge))
        sizes.append(_write(image, edge, folder))
    return tuple(sizes), notes


def likeness(folder: Path) -> str:
    """The print of the smallest size in `folder`, in hex; empty where there is nothing to compare."""
    with Image.open(folder / f"{EDGES[-1]}.jpg", formats=["JPEG"]) as small:
        grey = small.convert("L")
    across, down = (grey.resize(size, Image.Resampling.BOX) for size in ((LONG, SHORT), (SHORT, LONG)))
    found = fingerprint(across.tobytes(), down.tobytes())
    return "" if found is None else f"{found:032x}"


def painted(
    data: bytes, kind: str, turn: int, folder: Path, regions: Sequence[Region], style: Style
) -> tuple[Sizes, tuple[str, ...]]:
    """Write painted.jpg, the whole picture painted over, and 2000.jpg, 1280.jpg and 320.jpg, made of nothing else.

    `turn` as `turn_of` gives it. The whole picture's size comes first. Raises Unreadable, MemoryError, OSError.
    """
    image, notes = _decode(data, kind, PAINTED)
    profile = image.info.get("icc_profile")
    image.info.clear()
    image = _shrink(image, fitted(image.size, PAINTED))
    if turn in _TURNS:
        image = image.transpose(_TURNS[turn])
    image = paint(_in_srgb(_on_white(image), profile).convert("RGB"), regions, style)
    sizes = [_put(_jpeg(image, quality=95, subsampling=0), image, folder / "painted.jpg")]
    for edge in EDGES:
        image = _shrink(image, fitted(image.size, edge))
        sizes.append(_write(image, edge, folder))
    return tuple(sizes), notes


def looked_at(data: bytes, kind: str, turn: int) -> Image.Image:
    """The picture for a machine to look at: upright, RGB, of the largest size. Raises Unreadable, MemoryError."""
    image = _decode(data, kind, EDGES[0])[0]
    image = _shrink(image, fitted(image.size, EDGES[0]))
    if turn in _TURNS:
        image = image.transpose(_TURNS[turn])
    return _on_white(image).convert("RGB")


def press(data: bytes, kind: str, turn: int, file: Path, edge: int | None, most: int | None) -> Size:
    """Write one picture for paper into `file`: upright, sRGB, without a byte of metadata.

    Without an `edge` it has all its pixels: a JPEG that is upright and sRGB already keeps its very own, others are
    written once more, nearly without loss. With one it is shrunk to that long edge and written as well as fits into
    `most` bytes. Raises Unreadable, MemoryError, OSError.
    """
    image, notes = _decode(data, kind, edge or LARGEST)
    profile = image.info.get("icc_profile")
    image.info.clear()
    if edge is None and turn == 1 and not notes and kind == "image/jpeg" and image.mode in ("YCbCr", "L"):
        plain = bare(data) if not profile or _is_srgb(profile) else None
        if plain is not None:
            return _put(plain, image, file)
    if edge is not None:
        image = _shrink(image, fitted(image.size, edge))
    if turn in _TURNS:
        image = image.transpose(_TURNS[turn])
    image = _in_srgb(_on_white(image), profile)
    if edge is None or most is None:
        return _put(_jpeg(image, quality=95, subsampling=0), image, file)
    for quality in (88, 84, 80, 76, 72, 68, 64, 60):
        made = _jpeg(image, quality=quality, optimize=True)
        if len(made) <= most:
            return _put(made, image, file)
    # A picture of leaves or gravel: fewer pixels hurt it less than a worse quality.
    while len(made) > most and max(image.size) > EDGES[1]:
        image = _shrink(image, fitted(image.size, round(max(image.size) * 0.9)))
        made = _jpeg(image, quality=64, optimize=True)
    return _put(made, image, file)


def _jpeg(image: Image.Image, **options: int) -> bytes:
    stream = BytesIO()
    image.save(stream, "JPEG", **options)
    return stream.getvalue()


def _put(data: bytes, image: Image.Image, file: Path) -> Size:
    file.write_bytes(data)
    return Size(max(image.size), image.width, image.height, len(data), hashlib.sha256(data).hexdigest())


def _decode(data: bytes, kind: str, edge: int) -> tuple[Image.Image, tuple[str, ...]]:
    """Pixels with a long edge of `edge` or more (if the picture has them), in a mode that `_shrink` knows.

    Of a picture that is cut off or broken inside we show what can be had, if that is a useful part.
    """
    # A JPEG stored as RGB cannot be had as YCbCr.
    for fast in (True, False):
        try:
            return _load(data, kind, edge, fast=fast), ()
        except MemoryError:
            raise
        except Exception as error:
            trouble = error
        if kind != "image/jpeg":
            break
    reason = Reason.CUT_OFF if "truncated" in str(trouble) else Reason.DAMAGED
    try:
        with _forgiving():
            image = _load(data, kind, edge, fast=False)
    except MemoryError:
        raise
    except Exception as error:
        raise Unreadable(reason, _described(error)) from error
    if not _worth_showing(image):
        raise Unreadable(reason, _described(trouble))
    return image, (f"shown in part: {_described(trouble)}",)


def _described(error: Exception) -> str:
    return f"{type(error).__name__}: {error!s:.80}"


def _load(data: bytes, kind: str, edge: int, *, fast: bool) -> Image.Image:
    image = open_picture(data, kind)
    profile = image.info.get("icc_profile")
    if kind == "image/jpeg":
        plain = fast and image.mode == "RGB" and (not profile or _is_srgb(profile))
        image.draft("YCbCr" if plain else None, _draft_box(image.size, edge))
    image.load()
    return _in_simple_mode(image)


def _draft_box(size: tuple[int, int], edge: int) -> tuple[int, int]:
    """In the picture's own shape, rounded down: a square box on a 4:3 picture would never halve it."""
    longest = max(size)
    return max(1, size[0] * edge // longest), max(1, size[1] * edge // longest)


def _in_simple_mode(image: Image.Image) -> Image.Image:
    if image.mode in ("L", "RGB", "YCbCr", "CMYK") and "transparency" not in image.info:
        return image
    if image.mode in ("I;16", "I;16B", "I;16L", "I;16N"):
        # Pillow clips 16 bits to 255 instead of scaling them.
        return image.point(lambda value: value * (1 / 256)).convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


_USEFUL = 0.25
"""The share of a broken picture's rows that must show something; what never came is flat."""


def _worth_showing(image: Image.Image) -> bool:
    small = _shrink(image, fitted(image.size, EDGES[-1])).convert("L")
    rows = (small.crop((0, y, small.width, y + 1)).getextrema() for y in range(small.height))
    return sum(low != high for low, high in rows) >= small.height * _USEFUL


@contextmanager
def _forgiving() -> Iterator[None]:
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False


def _shrink(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    if image.size == size:
        return image
    smaller = Image.new(image.mode, size, None)
    options = ResizeOptions(resize_alg=ResizeAlg.convolution(FilterType.lanczos3), use_alpha=image.mode == "RGBA")
    # The public `resize_pil` refuses YCbCr, though in resizing three channels are three channels.
    RustResizer().resize_pil(PilImageWrapper(image), PilImageWrapper(smaller), options.rust_options)
    smaller.info = image.info
    return smaller


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white


def _is_srgb(profile: bytes) -> bool:
    try:
        return "srgb" in ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(BytesIO(profile))).lower()
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
        # A profile that nobody can read is no reason to change a colour.
        return True


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if image.mode == "YCbCr":
        return image
    if profile and not _is_srgb(profile):
        converted = _converted(image, profile)
        if converted is not None:
            return converted
    return image.convert("RGB") if image.mode == "CMYK" else image


def _converted(image: Image.Image, profile: bytes) -> Image.Image | None:
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        if source.profile.xcolor_space != _SPACES[image.mode]:
            return None
        result = ImageCms.profileToProfile(image, source, _SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
        return None
    if result is not None:
        result.info.clear()
    return result


def _write(image: Image.Image, edge: int, folder: Path) -> Size:
    stream = BytesIO()
    image.save(stream, "JPEG", quality=QUALITY)
    data = stream.getvalue()
    (folder / f"{edge}.jpg").write_bytes(data)
    return Size(edge, image.width, image.height, len(data), hashlib.sha256(data).hexdigest())
