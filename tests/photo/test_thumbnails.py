from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageCms, ImageOps

from tests import makers_photo as makers
from webapp.photo.rules import EDGES, Reason, Sizes, sniff
from webapp.photo.thumbnails import Unreadable, make, open_picture, turn_of

METADATA = (*makers.TRACES, makers.XMP_TRACE, b"Photoshop 3.0", b"ICC_PROFILE")


def derive(data: bytes, folder: Path, orientation: int = 1) -> dict[int, Image.Image]:
    kind = sniff(data)
    assert kind is not None
    sizes, _notes = make(data, kind, turn_of(kind, orientation), folder)
    return opened(sizes, folder)


def opened(sizes: Sizes, folder: Path) -> dict[int, Image.Image]:
    assert [size.edge for size in sizes] == list(EDGES)
    images = {}
    for size in sizes:
        data = (folder / f"{size.edge}.jpg").read_bytes()
        assert len(data) == size.bytes
        assert not [word for word in METADATA if word in data]
        assert makers.is_bare(data)
        images[size.edge] = Image.open(BytesIO(data))
        assert images[size.edge].size == (size.width, size.height)
    return images


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_ends_upright(orientation: int, tmp_path: Path) -> None:
    data = makers.turned(orientation, makers.corners(2400, 1600))
    assert makers.seen_corners(ImageOps.exif_transpose(Image.open(BytesIO(data)))) == makers.CORNERS
    for edge, image in derive(data, tmp_path, orientation).items():
        assert makers.seen_corners(image) == makers.CORNERS
        assert image.size == (edge, round(edge * 2 / 3))


@pytest.mark.parametrize("size", [(4000, 3000), (3999, 2999), (4032, 3024), (2001, 3001), (8000, 700)])
def test_long_edges_are_exact_whatever_scale_was_decoded(size: tuple[int, int], tmp_path: Path) -> None:
    images = derive(makers.encoded(makers.corners(*size)), tmp_path)
    for edge, image in images.items():
        assert max(image.size) == edge
        assert image.width / image.height == pytest.approx(size[0] / size[1], rel=0.02)
        assert makers.seen_corners(image) == makers.CORNERS


def test_a_small_picture_is_never_enlarged_and_still_has_all_three(tmp_path: Path) -> None:
    images = derive(makers.encoded(makers.corners(400, 300)), tmp_path)
    assert [image.size for image in images.values()] == [(400, 300), (400, 300), (320, 240)]


def test_a_picture_of_one_row(tmp_path: Path) -> None:
    images = derive(makers.encoded(makers.grain(5000, 1)), tmp_path)
    assert [image.size for image in images.values()] == [(2000, 1), (1280, 1), (320, 1)]


@pytest.mark.parametrize(
    "kind, mode, options",
    [
        ("JPEG", "L", {}),
        ("JPEG", "CMYK", {}),
        ("JPEG", "RGB", {"keep_rgb": True}),
        ("JPEG", "RGB", {"progressive": True}),
        ("MPO", "RGB", {"save_all": True, "append_images": [makers.grain(640, 480)]}),
        ("PNG", "RGB", {}),
        ("PNG", "P", {}),
        ("PNG", "L", {}),
        ("PNG", "1", {}),
        ("PNG", "LA", {}),
        ("PNG", "RGBA", {}),
        ("WEBP", "RGB", {"save_all": True, "append_images": [makers.grain(640, 480)]}),
        ("HEIF", "RGB", {}),
        ("AVIF", "RGB", {}),
    ],
)
def test_every_kind_of_pixel(kind: str, mode: str, options: dict[str, object], tmp_path: Path) -> None:
    data = makers.encoded(makers.corners().convert(mode), kind, **options)
    for image in derive(data, tmp_path).values():
        assert image.mode in ("RGB", "L")
        if mode not in ("L", "LA", "1"):
            assert makers.seen_corners(image) == makers.CORNERS


def test_sixteen_bits_are_scaled_not_clipped(tmp_path: Path) -> None:
    grey = Image.new("I;16", (400, 300), 0x6000)
    image = derive(makers.encoded(grey, "PNG"), tmp_path)[320]
    assert image.convert("L").getpixel((100, 100)) == pytest.approx(0x60, abs=2)


def test_what_is_transparent_becomes_white(tmp_path: Path) -> None:
    clear = Image.new("RGBA", (3000, 2000), (200, 0, 0, 0))
    palette = Image.new("P", (400, 300))
    for data in (makers.encoded(clear, "PNG"), makers.encoded(palette, "PNG", transparency=0)):
        for image in derive(data, tmp_path).values():
            assert min(image.convert("L").getextrema()) >= 254


def test_display_p3_becomes_srgb(tmp_path: Path) -> None:
    wide = Image.new("RGB", (3000, 2000), (180, 90, 60))
    profile = makers.display_p3()
    expected = ImageCms.profileToProfile(
        wide.resize((1, 1)), ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB")
    ).getpixel((0, 0))
    assert expected[0] > 190
    for kind in ("JPEG", "PNG", "HEIF"):
        image = derive(makers.encoded(wide, kind, icc_profile=profile), tmp_path)[320]
        assert image.getpixel((50, 50)) == pytest.approx(expected, abs=4)


@pytest.mark.parametrize("profile", [makers.srgb(), b"no profile at all", b""])
def test_srgb_and_broken_profiles_leave_colours_alone(profile: bytes, tmp_path: Path) -> None:
    plain = Image.new("RGB", (600, 400), (180, 90, 60))
    image = derive(makers.encoded(plain, icc_profile=profile), tmp_path)[320]
    assert image.getpixel((50, 50)) == pytest.approx((180, 90, 60), abs=3)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF"])
@pytest.mark.parametrize("size", [(300, 200), (2600, 1700)])
def test_nothing_of_the_metadata_is_left(kind: str, size: tuple[int, int], tmp_path: Path) -> None:
    data = makers.encoded(
        makers.corners(*size),
        kind,
        exif=makers.exif(
            {makers.MAKE: "Secretcam"}, {37510: b"ASCII\0\0\0secret comment"}, makers.gps_block()
        ).tobytes(),
        xmp=b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>http://ns.adobe.com/xap/1.0/ secret comment</x:xmpmeta>",
        icc_profile=makers.srgb(),
        comment=b"secret comment",
    )
    derive(data + b"secret comment: trailing bytes: a motion photo", tmp_path)


def test_of_a_cut_off_picture_what_came_is_shown(tmp_path: Path) -> None:
    data = makers.encoded(makers.grain(1200, 900))
    sizes, notes = make(data[: len(data) // 2], "image/jpeg", 1, tmp_path)
    assert (sizes[0].width, sizes[0].height) == (1200, 900)
    assert "truncated" in notes[0]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF"])
def test_of_next_to_nothing_no_picture_is_made(kind: str, tmp_path: Path) -> None:
    data = makers.encoded(makers.grain(1200, 900), kind)
    with pytest.raises(Unreadable) as caught:
        make(data[: len(data) // 20], sniff(data) or "", 1, tmp_path)
    assert caught.value.reason in (Reason.CUT_OFF, Reason.DAMAGED)


def test_a_broken_list_of_further_pictures_or_exif_does_not_stop_a_jpeg() -> None:
    data = makers.with_exif(b"II*\0\x08\0\0\0\xff\xff\x1a\x01\x05\0\xff\xff\xff\xff")
    further = b"MPF\0II*\0\x08\0\0\0\x01\0\x02\xb0\x07\0\x20\0\0\0\xff\xff\xff\xff\0\0"
    image = open_picture(makers.with_segment(data, 0xE2, further), "image/jpeg")
    image.load()
    assert image.size == (8, 8)
