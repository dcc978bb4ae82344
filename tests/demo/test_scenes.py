"""The demo's pictures are real files that tell the truth about themselves; its checklists are whole."""

import io
import json
import re
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pillow_heif
import pytest
from PIL import Image, ImageChops, ImageOps, ImageStat

from webapp.demo import content, others, scenes, whole
from webapp.demo.scenes import PAINTERS, Scene, draw, paint
from webapp.people.rules import ALPHABET, CODE_LENGTH
from webapp.walk.questions import KINDS
from webapp.walk.rules import Checklist

pillow_heif.register_heif_opener()

LIBRARY = Path(content.__file__).parents[1] / "walk" / "library"
NOON = datetime.fromisoformat("2018-06-18T12:00:05")


def small(**more: Any) -> Scene:
    return Scene(**{"painter": "street", "taken": NOON, "width": 360, "height": 240, **more})


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def difference(a: Image.Image, b: Image.Image) -> float:
    """Mean distance of the channels, 0 to 255."""
    assert a.size == b.size
    return max(ImageStat.Stat(ImageChops.difference(a.convert("RGB"), b.convert("RGB"))).mean)


@pytest.mark.parametrize("painter", PAINTERS)
def test_every_painter_draws_in_every_light_and_shape(painter: str) -> None:
    shapes = ((240, 160), (160, 213), (200, 200))
    for turn, light in enumerate(scenes.MOODS):
        width, height = shapes[turn % len(shapes)]
        image = paint(small(painter=painter, light=light, width=width, height=height, people=2))
        assert image.size == (width, height)
        assert max(ImageStat.Stat(image).stddev) > 12, "the picture is nearly empty"


def test_nearer_is_larger_and_mirrored_is_the_other_way_round() -> None:
    scene = small(width=240, height=160)
    assert paint(small(width=240, height=160, near=1.5, look=(1, 0))).size == (240, 160)
    assert difference(ImageOps.mirror(paint(small(width=240, height=160, mirrored=True))), paint(scene)) == 0


def test_the_same_scene_gives_the_same_bytes_and_another_seed_another_picture() -> None:
    assert draw(small()) == draw(small())
    assert difference(paint(small()), paint(small(seed=2))) > 2


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("file", ["jpeg", "heic"])
def test_all_eight_orientations_look_the_same_upright(orientation: int, file: scenes.FileKind) -> None:
    scene = small(orientation=orientation, file=file)
    image = opened(draw(scene))
    if file == "jpeg":
        turned = orientation >= 5
        assert image.size == ((240, 360) if turned else (360, 240))
        assert image.getexif()[0x0112] == orientation
    upright = ImageOps.exif_transpose(image)
    assert upright.size == (scene.width, scene.height)
    assert difference(upright, paint(scene)) < 8


def test_the_file_says_that_it_was_drawn_when_and_where() -> None:
    for file in ("jpeg", "heic"):
        exif = opened(draw(small(position=(50.0998, 14.4383), file=file))).getexif()
        assert (exif[0x010F], exif[0x0110]) == ("Pohled", "drawn")
        assert exif[0x010E] == "Drawn for the demo of Pohled"
        assert exif[0x0131] == scenes.SOFTWARE
        inner = exif.get_ifd(0x8769)
        assert inner[0x9003] == "2018:06:18 12:00:05"
        assert inner[0x9011] == "+02:00"
        gps = exif.get_ifd(0x8825)
        assert (gps[1], gps[3]) == ("N", "E")
        for tag, wanted in ((2, 50.0998), (4, 14.4383)):
            degrees, minutes, seconds = (float(part) for part in gps[tag])
            assert degrees + minutes / 60 + seconds / 3600 == pytest.approx(wanted, abs=2e-6)


def test_a_scene_without_a_position_has_no_gps() -> None:
    assert not opened(draw(small())).getexif().get_ifd(0x8825)


def test_degrees_never_carry_sixty_seconds() -> None:
    assert scenes.sexagesimal(49.999999999) == (50.0, 0.0, 0.0)
    assert scenes.gps_of(-33.5, -70.25)[1] == "S"


def test_the_photos_vary() -> None:
    photos = whole.PHOTOS
    assert len(photos) == 150
    assert {p.scene.orientation for p in photos} == set(range(1, 9))
    assert {p.scene.painter for p in photos} == set(PAINTERS)
    assert {p.scene.light for p in photos} == set(scenes.MOODS)
    assert {p.source for p in photos} == {"camera", "phone", "pin", "stop", "none"}
    assert {p.light for p in photos} == {"up", "down", "both"}
    assert Counter(p.scene.file for p in photos)["heic"] >= 4
    assert len({p.id for p in photos}) == 150
    assert len({(p.scene.painter, p.scene.light, p.scene.seed, p.scene.near) for p in photos}) == 147
    assert sum(max(p.scene.width, p.scene.height) > 2400 for p in photos) <= 6
    assert len(content.PHOTOS) == 12


def test_the_photos_fit_the_walk() -> None:
    for walk, _, photos in whole.WALKS:
        first, last = walk.starts, walk.starts + timedelta(minutes=walk.minutes)
        allowed = {stop.id for stop in walk.stops if stop.photos_allowed}
        for photo in photos:
            assert first <= photo.scene.taken <= last, photo.id
            assert photo.author in walk.walkers, photo.id
            assert photo.stop in allowed, photo.id
    for photo in whole.PHOTOS:
        assert (photo.place is None) == (photo.source in ("stop", "none")), photo.id
        if photo.source == "camera":
            assert photo.place is not None
            assert photo.scene.position == (photo.place.lat, photo.place.lon)
        else:
            assert photo.scene.position is None


# --- checklists --------------------------------------------------------------------------------------------


def checklists() -> dict[str, Any]:
    return {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(LIBRARY.glob("*.json"))}


def questions(checklist: Any) -> list[Any]:
    return [question for section in checklist["sections"] for question in section["questions"]]


def texts(value: Any) -> list[Any]:
    """Every text in every language, wherever it stands."""
    if isinstance(value, list):
        return [text for item in value for text in texts(item)]
    if isinstance(value, dict):
        own = [value[name] for name in ("title", "text", "label") if name in value]
        return own + [text for name in ("sections", "questions", "choices") for text in texts(value.get(name))]
    return []


@pytest.mark.parametrize(("name", "checklist"), checklists().items())
def test_a_checklist_is_whole(name: str, checklist: Any) -> None:
    assert checklist["id"] == name
    for text in texts(checklist):
        assert set(text) == {"en", "cs", "uk", "vi", "ru"}
        assert all(words == words.strip() and words for words in text.values())
        assert not re.search(r"(?:^|[\s(])[kszvouai] \S", text["cs"], re.IGNORECASE), text["cs"]
    assert len({section["id"] for section in checklist["sections"]}) == len(checklist["sections"])
    assert {section["asked"] for section in checklist["sections"]} <= {"every_stop", "once"}
    ids = [question["id"] for question in questions(checklist)]
    assert len(ids) == len(set(ids))
    for question in questions(checklist):
        assert question["kind"] in KINDS
        assert ("choices" in question) == (question["kind"] in ("one", "many"))
        choices = [choice["id"] for choice in question.get("choices", ())]
        assert len(choices) == len(set(choices))


def test_the_library_holds_the_six_and_the_three_of_the_demo() -> None:
    sizes = {name: len(questions(checklist)) for name, checklist in checklists().items()}
    assert sizes == {
        "access": 13,
        "belonging": 14,
        "compass": 14,
        "demo_belonging": 3,
        "demo_market": 3,
        "demo_safety": 2,
        "safety": 15,
        "services": 16,
        "trade": 15,
    }


def test_the_short_checklists_ask_what_the_long_ones_ask() -> None:
    found = checklists()
    for name in ("belonging", "safety"):
        long = {question["id"]: question for question in questions(found[name])}
        for question in questions(found[f"demo_{name}"]):
            assert question == long[question["id"]]


def test_the_local_language_stands_only_where_it_belongs() -> None:
    with_it = {name for name, checklist in checklists().items() if "{local_language}" in json.dumps(checklist)}
    assert with_it == {"access", "services"}
    for checklist in checklists().values():
        for text in texts(checklist):
            assert text["en"].count("{local_language}") == text["cs"].count("{local_language}")


def test_the_answers_fit_their_questions() -> None:
    found = checklists()
    asked = {name: {q["id"]: q["kind"] for q in questions(found[name])} for name in content.WALK.checklists}
    stops = {stop.id for stop in content.WALK.stops}
    people = set("ABCDE")  # the first five answered everything
    ranges = {"agree": range(1, 6), "observed": range(4)}
    seen = {(r.participant, r.stop, r.checklist) for r in content.RESPONSES}
    assert seen == {(p, s, c) for p in people for s in stops for c in content.WALK.checklists}
    assert len(seen) == len(content.RESPONSES)
    answers = [(response, answer) for response in content.RESPONSES for answer in response.answers]
    for response, answer in answers:
        kind = asked[response.checklist][answer.question]
        if kind == "text":
            assert isinstance(answer.value, str)
            assert answer.value
        else:
            assert answer.cant_tell or answer.value in ranges[kind]
    assert 2 <= sum(answer.cant_tell for _, answer in answers) <= 6
    assert sum(bool(answer.remark) for _, answer in answers) >= 8


def test_the_answers_on_the_other_walks_fit_their_questions() -> None:
    found = checklists()
    kinds = Counter[str]()
    for walk, responses, _ in whole.WALKS:
        lists = {name: Checklist.read(found[name]) for name in walk.checklists}
        stops = {stop.id for stop in walk.stops}
        places = [(response.participant, response.stop, response.checklist) for response in responses]
        assert len(places) == len(set(places))
        assert {response.participant for response in responses} == set(walk.walkers)
        for response in responses:
            assert response.stop is None or response.stop in stops
            asked = {q.id: q for q in lists[response.checklist].questions("every_stop" if response.stop else "once")}
            for answer in response.answers:
                question = asked[answer.question]
                assert answer.question in others.CHOSEN.get(response.checklist, {answer.question})
                if not answer.cant_tell:
                    value = list(answer.value) if isinstance(answer.value, tuple) else answer.value
                    assert KINDS[question.kind].check(question, value) == value
                    kinds[question.kind] += 1
    assert set(kinds) == {"agree", "observed", "yes_no", "number", "one", "compass", "many", "text"}


def test_the_walks_run_forward_and_their_codes_can_be_typed() -> None:
    for walk, _, _ in whole.WALKS[1:]:
        assert [stop.at for stop in walk.stops] == sorted(stop.at for stop in walk.stops)
        assert walk.starts == walk.stops[0].at
        assert walk.stops[-1].at <= walk.starts + timedelta(minutes=walk.minutes)
    codes = {others.SAPA.code, others.CENTRE.code, others.CALL.code}
    assert len(codes) == 3
    for code in codes:
        assert len(code) == CODE_LENGTH
        assert set(code) <= set(ALPHABET)
