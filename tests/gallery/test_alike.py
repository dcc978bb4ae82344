"""Photos that look alike: suggested at the desk, on the light table, on the shortlist and for the workshop."""

import uuid

import pytest
from flask import Flask
from PIL import Image, ImageEnhance

from tests.client import Visitor
from tests.makers import MadeWalk, log_in, make_exhibition, make_meeting, make_organiser, make_participant, make_photo
from tests.makers_photo import encoded, exif, grain
from webapp.database import db, transaction
from webapp.doors import Role
from webapp.exhibition import changes as exhibition_changes
from webapp.exhibition.rules import State, too_alike
from webapp.photo import changes as photo_changes
from webapp.photo import jobs
from webapp.photo import queries as photo_queries
from webapp.photo.tables import Photo, Picture, ToldApart


def scene(number: int) -> Image.Image:
    """Fields of light and dark, different for each number, with the noise of a camera."""
    fields = Image.new("L", (9, 8))
    fields.putdata([(at * (number * 2 + 3) * 37 + number * 91) % 230 for at in range(72)])
    large = fields.resize((360, 320), Image.Resampling.BICUBIC)
    return Image.blend(large, grain(360, 320).convert("L"), 0.1).convert("RGB")


@pytest.fixture
def photos(app: Flask, walk: MadeWalk) -> list[uuid.UUID]:
    """Two of one scene a minute apart, a copy of it by somebody else, and one of another scene."""
    with app.app_context():
        anna, bao = make_participant(walk), make_participant(walk)
        taken = [exif({}, {36867: f"2018:06:18 10:0{minute}:00"}) for minute in range(3)]
        lighter = ImageEnhance.Brightness(scene(1)).enhance(1.1)
        return [
            make_photo(app, walk, anna, encoded(scene(1), exif=taken[0])),
            make_photo(app, walk, anna, encoded(lighter, exif=taken[1])),
            make_photo(app, walk, bao, encoded(scene(1), quality=40)),
            make_photo(app, walk, anna, encoded(scene(2), exif=taken[2])),
        ]


@pytest.fixture
def desk(app: Flask, walk: MadeWalk) -> Visitor:
    with app.app_context():
        make_organiser(walk.project_id)
    visitor = Visitor(app)
    log_in(visitor)
    return visitor


def alike(app: Flask, walk: MadeWalk) -> list[list[int]]:
    with app.app_context():
        return photo_queries.alike(walk.project_id)


@pytest.mark.usefixtures("photos")
def test_what_looks_alike_stands_together_until_somebody_says_that_it_is_different(
    app: Flask, walk: MadeWalk, desk: Visitor
) -> None:
    assert alike(app, walk) == [[1, 2, 3]]
    address = f"/desk/projects/{walk.project_id}/alike"
    page = desk.get(address).text
    assert "These 3 look alike" in page
    assert "No. 4" not in page
    assert "Photos that look alike" in desk.get(f"/desk/projects/{walk.project_id}/photos").text
    desk.send(address, {"number": ["1", "2", "3"]})
    assert "No two photos look alike" in desk.get(address).text
    assert alike(app, walk) == []
    desk.send(address, {"number": ["1", "2", "3"]})  # said twice
    with app.app_context():
        assert len(photo_queries.told_apart(walk.project_id)) == 3


@pytest.mark.usefixtures("photos")
def test_only_curators_say_so_and_only_of_photos_of_the_project(app: Flask, walk: MadeWalk, desk: Visitor) -> None:
    address = f"/desk/projects/{walk.project_id}/alike"
    for numbers in ([], ["1"], ["1", "x"]):
        desk.send(address, {"number": numbers}, 422)
    desk.send(address, {"number": ["1", "999"]})
    assert alike(app, walk) == [[1, 2, 3]]
    with app.app_context():
        make_organiser(walk.project_id, Role.AUTHOR, "author@example.org")
    author = Visitor(app)
    log_in(author, "author@example.org")
    assert "They are different" not in author.get(address).text


def test_the_light_table_and_the_shortlist_tell_of_it(
    app: Flask, walk: MadeWalk, desk: Visitor, photos: list[uuid.UUID]
) -> None:
    with app.app_context():
        show = make_exhibition(walk.project_id)
        with transaction():
            for photo in (photos[0], photos[3]):
                exhibition_changes.decide(show, photo, State.PICK, None)
    table = f"/desk/exhibitions/{show}/table?view=loupe&at=1"
    assert "It may look like no. 2, 3." in desk.get(table).text
    assert "look alike" not in desk.get(f"/desk/exhibitions/{show}/shortlist").text, "one of them is enough"
    with app.app_context(), transaction():
        exhibition_changes.decide(show, photos[1], State.PICK, None)
    assert "These look alike: no. 1, 2." in desk.get(f"/desk/exhibitions/{show}/shortlist").text


def test_the_workshop_gets_them_as_suggestions(
    app: Flask, walk: MadeWalk, desk: Visitor, photos: list[uuid.UUID]
) -> None:
    with app.app_context():
        meeting, _ = make_meeting(walk.project_id)
    page = desk.get(f"/desk/meetings/{meeting}/groups?by=likeness").text
    assert "Alike: 1, 2, 3" in page
    assert "Like no other" in page


def test_who_is_taken_back_or_not_to_be_kept_looks_like_nobody(
    app: Flask, walk: MadeWalk, photos: list[uuid.UUID]
) -> None:
    with app.app_context():
        who = make_organiser(walk.project_id)
        with transaction():
            photo_changes.tell_apart(walk.project_id, [1, 2, 4], who)
        assert alike(app, walk) == [[1, 3]]
        with transaction():
            photo = db.session.get_one(Photo, photos[0])
            photo_changes.withdraw_photo(photo)
        assert alike(app, walk) == [[2, 3]]
        assert {row.one_id for row in db.session.query(ToldApart)} == {photos[1]}


@pytest.mark.usefixtures("photos")
def test_pictures_from_before_get_their_prints(app: Flask, walk: MadeWalk) -> None:
    with app.app_context():
        with transaction():
            for picture in db.session.query(Picture):
                picture.facts = {key: said for key, said in (picture.facts or {}).items() if key != "likeness"}
        assert alike(app, walk) == []
        assert jobs.rebuild(missing=True) == 4
        db.session.rollback()
        assert alike(app, walk) == [[1, 2, 3]]
        assert jobs.rebuild(missing=True) == 0


def test_of_one_group_all_that_are_picked_are_told() -> None:
    from webapp.exhibition.rules import Frame

    def frame(number: int, state: State, *alike: int) -> Frame:
        return Frame(uuid.uuid4(), number, 1, state=state, alike=alike)

    frames = [frame(1, State.PICK, 2, 3), frame(2, State.OUT, 1, 3), frame(3, State.PICK, 1, 2), frame(4, State.PICK)]
    assert too_alike(frames) == [[1, 3]]
