"""A photo that was painted over: nothing of what was there comes out, and what is sealed goes in its time."""

import io
import uuid
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from PIL import Image, ImageChops
from sqlalchemy import select

from tests.makers import MadeWalk, make_organiser, make_participant, make_photo
from tests.makers_photo import encoded, gps_block, grain, turned
from webapp import create_app
from webapp.cli import pohled
from webapp.config import Settings
from webapp.consent.rules import Exit
from webapp.database import db, now, transaction
from webapp.doors import Role
from webapp.people import changes as people_changes
from webapp.people import queries as people_queries
from webapp.people.rules import fingerprint
from webapp.photo import changes, exits, queries
from webapp.photo.jobs import destroy_expired_seals, find_missing, process, rebuild
from webapp.photo.redact import paint
from webapp.photo.regions import Region, Shape, Style
from webapp.photo.rules import EDGES, Lack, PartName
from webapp.photo.tables import Photo
from webapp.project import queries as project_queries
from webapp.project.tables import Act
from webapp.storage import Store, Stored
from webapp.upkeep import check, ledger
from webapp.upkeep.backup import back_up
from webapp.upkeep.jobs import erase_now, hold_painted_back, take_back_photo
from webapp.upkeep.painting import CannotPaint, Wish, look_at, paint_over

FACE = Region(Shape.ELLIPSE, 0.25, 0.25, 0.5, 0.5)
SECRET = (250, 20, 230)


def portrait(width: int = 640, height: int = 480, face: tuple[int, int, int] = SECRET) -> Image.Image:
    """Grain, and in its midst something that must not be seen."""
    image = grain(width, height)
    image.paste(face, (width * 3 // 8, height * 3 // 8, width * 5 // 8, height * 5 // 8))
    return image


@pytest.fixture
def world(app: Flask, walk: MadeWalk) -> Iterator["World"]:
    with app.app_context():
        author = make_participant(walk)
        owner = make_organiser(walk.project_id, Role.OWNER, "owner@example.org")
        data = turned(6, portrait(), gps=gps_block())
        yield World(app, walk, author, owner, make_photo(app, walk, author, data), data)


class World:
    def __init__(
        self, app: Flask, walk: MadeWalk, author: uuid.UUID, owner: uuid.UUID, photo_id: uuid.UUID, data: bytes
    ) -> None:
        self.app, self.walk, self.author, self.owner, self.id, self.data = app, walk, author, owner, photo_id, data
        self.store: Store = app.extensions["store"]

    @property
    def photo(self) -> Photo:
        db.session.rollback()
        photo = queries.photo(self.id)
        assert photo is not None
        return photo

    def paint(self, *regions: Region, style: Style = Style.OPAQUE, clear: bool = False, owner: bool = True) -> None:
        wanted = queries.to_paint(self.photo, owner)
        assert wanted is not None
        seen = (self.photo.painted, wanted.picture.sha256)
        paint_over(self.id, self.owner, Wish(regions or (FACE,), style, clear, seen, owner))

    def keep_sealed(self, days: int) -> None:
        with transaction():
            project = project_queries.project(self.walk.project_id)
            assert project is not None
            project.sealed_days = days

    def files(self) -> Mapping[str, bytes]:
        """Whatever leaves the store for anybody but the owner."""
        photo, found = self.photo, {}
        for way in Exit:
            if way is Exit.SEALED:
                continue
            for edge in EDGES:
                with suppress(exits.Refused):
                    found[f"{way} {edge}"] = exits.leave(photo, way, edge)
            for take in (exits.originals, exits.best):
                found[f"{way} {take.__name__}"] = take([photo], way)[self.id]
            for edge in EDGES:
                found[f"{way} small {edge}"] = exits.small([photo], way, edge)[self.id]
        for number, (part, path) in enumerate(exits.everything(self.author)):
            found[f"everything {number} {part.name}"] = path
        return {name: path.read_bytes() for name, path in found.items() if isinstance(path, Path)}


def shows(data: bytes) -> bool:
    """Whether anything of the secret's colour is in the picture."""
    bands = Image.open(io.BytesIO(data)).convert("RGB").split()
    near = [
        band.point([255 * (abs(value - wanted) < 40) for value in range(256)])
        for band, wanted in zip(bands, SECRET, strict=True)
    ]
    return sum(ImageChops.darker(ImageChops.darker(near[0], near[1]), near[2]).histogram()[1:]) > 3


def test_painted_over_it_comes_out_painted_by_every_way(world: World) -> None:
    before = world.files()
    assert all(map(shows, before.values()))
    world.paint()
    after = world.files()
    assert set(after) == {name.replace("original", "redacted") if "everything" in name else name for name in before}
    assert not [name for name, data in after.items() if shows(data)]
    photo = world.photo
    assert photo.whole
    assert photo.picture is not None
    assert (photo.picture.facts or {})["place"]["lat"] == pytest.approx(50.0755)
    assert [(part.name) for part in photo.parts] == ["redacted"]
    with Image.open(world.store.original(photo.sha256 or "")) as image:
        assert image.size == (640, 480), "the whole picture keeps its size, and stands upright"
        assert image.getexif() == {}


@pytest.mark.parametrize("style", Style)
@pytest.mark.parametrize("region", [FACE, Region(Shape.BOX, 0.3, 0.3, 0.4, 0.4)])
def test_what_lay_under_the_paint_makes_no_difference(
    app: Flask, walk: MadeWalk, style: Style, region: Region
) -> None:
    """Two pictures that differ only there are the same afterwards, to the last byte of every size."""
    with app.app_context():
        author = make_participant(walk)
        owner = make_organiser(walk.project_id, Role.OWNER, "owner@example.org")
        first = portrait()
        second = first.copy()
        inside = (260, 200, 380, 280)
        second.paste(first.crop(inside).rotate(180), inside)
        second.paste((1, 2, 3), (300, 230, 330, 250))
        if style is Style.MOSAIC:  # there the averages remain: the same pixels, in another order
            second = first.copy()
            second.paste(first.crop(inside).transpose(Image.Transpose.FLIP_LEFT_RIGHT), inside)
        assert ImageChops.difference(first, second).getbbox() or style is Style.MOSAIC
        made = []
        for image in (first, second):
            world = World(app, walk, author, owner, make_photo(app, walk, author, encoded(image, "PNG")), b"")
            world.paint(region, style=style)
            shown = world.photo.sha256 or ""
            made.append((shown, *(world.store.derived(shown, f"{edge}.jpg").read_bytes() for edge in EDGES)))
        assert made[0] == made[1]


def test_a_mosaic_has_at_most_four_cells_a_side() -> None:
    image = paint(grain(640, 480), [FACE], Style.MOSAIC)
    middle = image.crop((230, 170, 410, 310))  # all of it inside
    assert 1 < len(middle.getcolors(1 << 24) or []) <= 16


def test_a_stroke_covers_its_whole_width(world: World) -> None:
    world.paint(
        Region(Shape.STROKE, w=0.3, points=((0.3, 0.4), (0.7, 0.6)), x=0), Region(Shape.BOX, 0.3, 0.3, 0.4, 0.4)
    )
    assert not any(map(shows, world.files().values()))


def test_the_untouched_picture_is_sealed_and_destroyed_in_its_time(world: World) -> None:
    original = world.photo.original
    world.paint()
    assert world.store.original(original).is_file()
    assert exits.sealed(world.photo, 2000).is_file()
    assert shows(exits.sealed(world.photo, 2000).read_bytes())
    destroy_expired_seals(False)
    assert world.store.original(original).is_file(), "its time is not up"
    with transaction():
        for row in queries.sealed_of(world.id):
            row.until = now() - timedelta(seconds=1)
    destroy_expired_seals(False)
    assert not world.store.original(original).exists()
    assert not world.store.derived(original, "320.jpg").exists()
    assert [row.destroyed is not None for row in queries.sealed_of(world.id)] == [True]
    assert len(world.files()) > 10, "what is shown stays"
    acts = list(db.session.scalars(select(Act.what)))
    assert "A photo painted over; the untouched one is sealed" in acts
    assert "An untouched picture destroyed, its time being up" in acts


def test_a_project_that_keeps_nothing_sealed_destroys_at_once(world: World) -> None:
    original = world.photo.original
    world.keep_sealed(0)
    world.paint()
    assert not world.store.original(original).exists()
    assert not world.store.derived(original, "2000.jpg").exists()
    assert not any(map(shows, world.files().values()))
    wanted = queries.to_paint(world.photo, True)
    assert wanted is not None
    assert not wanted.free, "nothing can be taken away from the paint any more"
    world.paint(Region(Shape.BOX, 0, 0, 0.1, 0.1))
    assert len(queries.redactions_of(world.id)[0].regions) == 2
    assert not any(map(shows, world.files().values()))


def test_only_the_owner_takes_paint_away(world: World) -> None:
    world.paint()
    world.paint(Region(Shape.BOX, 0, 0, 0.1, 0.1), owner=False)
    assert not any(map(shows, world.files().values())), "whoever may not see what is sealed can only add"
    first = world.photo.sha256
    world.paint(Region(Shape.BOX, 0, 0, 0.1, 0.1))
    assert all(map(shows, world.files().values()))
    assert not world.store.original(first or "").exists(), "what was made before is gone"
    assert [row.number for row in queries.redactions_of(world.id)] == [3, 2, 1]


def test_what_was_shown_meanwhile_is_not_painted_by_mistake(world: World) -> None:
    wanted = queries.to_paint(world.photo, True)
    assert wanted is not None
    stale = Wish((FACE,), Style.OPAQUE, False, (0, wanted.picture.sha256), True)
    world.paint()
    with pytest.raises(changes.PaintedMeanwhile):
        paint_over(world.id, world.owner, stale)
    with pytest.raises(CannotPaint):
        paint_over(uuid.uuid4(), world.owner, stale)


def test_an_original_that_comes_later_shows_itself_to_nobody(app: Flask, walk: MadeWalk) -> None:
    with app.app_context():
        author = make_participant(walk)
        owner = make_organiser(walk.project_id, Role.OWNER, "owner@example.org")
        store: Store = app.extensions["store"]
        data, preview = encoded(portrait(1200, 900)), encoded(portrait(400, 300))
        original = store.put(io.BytesIO(data), 10**8)
        photo_id = make_photo(app, walk, author, preview)
        world = World(app, walk, author, owner, photo_id, data)
        with transaction():  # as if the preview had come first, of an original that is still on the phone
            photo = queries.photo(photo_id)
            assert photo is not None
            (part,) = photo.parts
            part.name, photo.original, photo.bytes = PartName.PREVIEW.value, original.sha256, original.bytes
            photo.whole = False
        world.paint()
        assert not any(map(shows, world.files().values()))
        assert Lack.ORIGINAL in queries.lacks(world.photo), "it can still be asked for"
        assert [each.id for each in queries.owed_of([photo_id])] == [photo_id]
        with transaction():
            changes.receive_part(world.photo, PartName.ORIGINAL, original, "image/jpeg")
        process(original.sha256)
        files = world.files()
        assert files
        assert not [name for name, each in files.items() if shows(each)]
        assert not queries.owed_of([photo_id]), "it has come"
        wanted = queries.to_paint(world.photo, True)
        assert wanted is not None
        assert wanted.later
        assert wanted.picture.sha256 == original.sha256
        world.paint(*wanted.regions)
        assert world.photo.whole
        assert not any(map(shows, world.files().values()))
        with Image.open(store.original(world.photo.sha256 or "")) as image:
            assert image.size == (1200, 900)


def test_what_was_destroyed_and_comes_again_is_not_kept(world: World) -> None:
    original = Stored(world.photo.original, world.photo.bytes)
    world.keep_sealed(0)
    world.paint()
    assert world.store.put(io.BytesIO(world.data), 10**8) == original
    with transaction():
        changes.receive_part(world.photo, PartName.ORIGINAL, original, "image/jpeg")
    assert not any(map(shows, world.files().values()))
    assert original.sha256 not in queries.all_received()


def test_sealed_pictures_count_as_needed_and_go_with_the_photo(world: World) -> None:
    original = world.photo.original
    world.paint()
    assert original in queries.all_referred()
    assert not list(check.look(world.store, check.Looked()))
    assert take_back_photo(world.author, world.id)
    assert not list(world.store.originals())
    assert not list(world.store.pictured())
    assert not queries.sealed_of(world.id)
    assert not queries.redactions_of(world.id)


def test_erased_with_its_person(world: World) -> None:
    world.paint()
    assert erase_now(world.author)
    assert not list(world.store.originals())
    assert not list(world.store.pictured())


def test_small_pictures_are_made_again_from_what_was_painted(world: World) -> None:
    world.paint()
    facts = (world.photo.picture or pytest.fail()).facts
    for sha256 in list(world.store.pictured()):
        for edge in EDGES:
            world.store.derived(sha256, f"{edge}.jpg").unlink()
    assert rebuild(missing=True) == 2
    assert not any(map(shows, world.files().values()))
    again = (world.photo.picture or pytest.fail()).facts
    assert (again or {})["place"] == (facts or {})["place"]


def test_a_lost_file_of_it_brings_nothing_back(world: World) -> None:
    world.paint()
    shown = world.photo.sha256 or ""
    world.store.original(shown).unlink()
    with transaction():
        changes.lose(shown, visible=True)
    assert world.photo.sha256 == shown
    assert not any(map(shows, world.files().values()))
    with transaction():
        changes.lose(shown, visible=False)
    find_missing(True)
    assert not any(map(shows, world.files().values()))
    world.paint()
    assert world.files()


def test_an_old_backup_brings_no_picture_back_that_was_painted_over(world: World, settings: Settings) -> None:
    assert hold_painted_back() == 0
    ledger.note_painted(settings.home, fingerprint(str(world.id)), 2)
    assert ledger.read(settings.home) == []
    assert hold_painted_back() == 1
    assert not world.files()
    assert world.photo.painted == 2
    assert hold_painted_back() == 0
    world.paint()
    assert world.files()
    assert not any(map(shows, world.files().values()))


def test_a_backup_brings_back_what_was_painted_and_what_is_sealed(world: World, tmp_path: Path) -> None:
    world.paint()
    before, sealed = world.files(), [path.read_bytes() for path in sealed_files(world)]
    assert not back_up(tmp_path / "backup.tar", str).lost
    restored = CliRunner().invoke(
        pohled, ["restore", str(tmp_path / "backup.tar")], env={"POHLED_HOME": str(tmp_path / "fresh")}
    )
    assert restored.exit_code == 0, restored.output
    app = create_app(Settings.read({"POHLED_HOME": str(tmp_path / "fresh")}))
    with app.app_context():
        again = World(app, world.walk, world.author, world.owner, world.id, world.data)
        assert again.files() == before
        assert [path.read_bytes() for path in sealed_files(again)] == sealed != []
        assert list(check.look(again.store, check.Looked())) == []


def sealed_files(world: World) -> list[Path]:
    """What lies under the paint, as the owner sees it."""
    return [exits.sealed(world.photo, edge) for edge in EDGES]


def test_people_in_it_are_the_organisers_word_after_painting(world: World) -> None:
    with transaction():
        world_photo = queries.photo(world.id)
        assert world_photo is not None
        world_photo.people = "unreleased"

    def refused() -> bool:
        return queries.refusals([world.photo], Exit.EXHIBITION)[world.id] is not None

    assert refused()
    world.paint()
    assert refused(), "painting alone says nothing"
    world.paint(clear=True)
    assert not refused()
    assert Lack.RELEASE not in queries.lacks(world.photo)
    look_at(world.id, world.owner, False)
    assert refused()
    look_at(world.id, world.owner, True)
    assert not refused()
    acts = list(db.session.scalars(select(Act.what)))
    assert acts.count("Nobody can be recognised, said of a photo") == 2


def test_another_picture_asks_for_another_look(world: World) -> None:
    look_at(world.id, world.owner, True)
    said = changes.as_new(world.photo)
    with transaction():
        changes.save_photo(said)
    assert world.photo.look == "clear"
    with transaction():
        changes.save_photo(changes.replace(said, original=Stored("0" * 64, 5)))
    assert world.photo.look == ""


def test_the_originals_zip_names_what_is_in_it(world: World) -> None:
    world.paint()
    client = world.app.test_client()
    with transaction():
        token = people_changes.log_in(world.owner)
    with client.session_transaction() as session:
        session["login"] = token
    taken = zipfile.ZipFile(io.BytesIO(client.get(f"/desk/walks/{world.walk.walk_id}/originals.zip").data))
    (name,) = [each for each in taken.namelist() if each.startswith("originals/")]
    assert not shows(taken.read(name))
    listed = taken.read("captions.csv").decode()
    assert (world.photo.sha256 or "-") in listed
    assert world.photo.original not in listed


def test_addresses_from_before_lead_nowhere(world: World) -> None:
    with transaction():
        person = people_queries.participant(world.author)
        assert person is not None
        token = people_changes.admit_device(person, "0" * 64, "phone")
    phone = world.app.test_client()
    phone.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"

    def addresses() -> list[str]:
        return list((phone.get(f"/api/v1/photos/{world.id}").json or {})["sizes"].values())

    before = addresses()
    assert {phone.get(each).status_code for each in before} == {200}
    world.paint()
    assert {phone.get(each).status_code for each in before} == {404}
    answers = [phone.get(each) for each in addresses()]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert not any(shows(answer.data) for answer in answers)
    state = phone.get(f"/api/v1/photos/{world.id}").json or {}
    assert state["state"] == "ready"
    assert set(state["parts"]) == {"original"}, "the phone need not send it again"
