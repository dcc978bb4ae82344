"""Words for the label: written at the desk, decided by the author, and nowhere before."""

import csv
import io
import uuid

import pytest
from flask import Flask

from tests.client import Visitor
from tests.export.makers import made, order
from tests.makers import MadeWalk, log_in, make_exhibition, make_meeting, make_organiser, make_photo
from tests.makers_photo import turned
from tests.mine.test_pages import forms, me
from webapp.database import transaction
from webapp.doors import Role
from webapp.exhibition import changes as exhibition_changes
from webapp.exhibition.rules import State
from webapp.photo import changes as photo_changes
from webapp.photo import queries as photo_queries
from webapp.photo.rules import Approval, approved, caption_print, may_hang
from webapp.photo.tables import Wording
from webapp.upkeep.jobs import take_back_photo

OWN, CZECH, EDITED = "A bench under the chestnut", "Lavička pod kaštanem", "The bench under the chestnut tree"


class House:
    """A photo of a walker's on a shortlist in English and Czech, with a browser of an owner's and a curator's."""

    def __init__(self, app: Flask, walker: Visitor, walk: MadeWalk) -> None:
        self.app, self.walker, self.walk = app, walker, walk
        self.author = me(app, walker)
        with app.app_context():
            self.photo = make_photo(app, walk, self.author, turned(3), caption={"en": OWN})
            self.show = make_exhibition(walk.project_id)
            self.meeting, _ = make_meeting(walk.project_id, self.photo)
            with transaction():
                exhibition_changes.decide(self.show, self.photo, State.PICK, None)
            make_organiser(walk.project_id, Role.CURATOR, "curator@example.org")
        self.owner, self.curator = Visitor(app), Visitor(app)
        log_in(self.owner)
        log_in(self.curator, "curator@example.org")
        self.desk, self.mine = f"/desk/photos/{self.photo}", f"/plain/photos/{self.photo}"

    def fields(self, visitor: Visitor, **words: str) -> dict[str, str]:
        """The desk's form as it stands, with these words by language; True ticks "in person"."""
        page = visitor.get(self.desk).text
        with self.app.app_context():
            photo = photo_queries.photo(self.photo)
            assert photo is not None
            stands = {f"words-{row.language}": row.words for row in photo.wordings}
        return {**forms(page)["words#words"], **stands, **{f"words-{code}": said for code, said in words.items()}}

    def write(self, visitor: Visitor, status: int = 200, **words: str) -> str:
        return visitor.post(f"{self.desk}/words", self.fields(visitor, **words), status).text

    def decide(self, right: str, status: int = 200) -> str:
        asked = forms(self.walker.get(self.mine).text)["words"]
        return self.walker.post(f"{self.mine}/words", {**asked, "right": right}, status).text

    def labels(self) -> dict[str, str]:
        """The file of captions, made now."""
        export_id = order(self.owner, self.walk.project_id, "captions", f"exhibition:{self.show}")
        made(self.app, export_id)
        file = self.owner.get(f"/desk/exports/{export_id}/file").data.decode("utf-8-sig")
        (row,) = csv.DictReader(io.StringIO(file))
        return {name.removeprefix("caption_"): said for name, said in row.items() if name.startswith("caption_")}

    def shortlist(self) -> str:
        return self.owner.get(f"/desk/exhibitions/{self.show}/shortlist").text


@pytest.fixture
def house(app: Flask, walker: Visitor, walk: MadeWalk) -> House:
    return House(app, walker, walk)


def test_a_translation_hangs_once_its_author_has_agreed(house: House) -> None:
    assert "Caption missing in: Čeština (no. 1)." in house.shortlist()
    page = house.write(house.curator, cs=CZECH)
    assert "Saved." in page
    assert "Written by <bdi>curator@example.org</bdi>" in page
    files = house.owner.get(f"/desk/projects/{house.walk.project_id}/files").text
    assert "1 label lacks a language of the exhibition." in files
    waiting = house.shortlist()
    assert "waits for its author: Čeština" in waiting
    assert "Caption missing in: Čeština (no. 1)." in waiting
    assert house.labels() == {"en": OWN, "cs": ""}
    assert CZECH not in house.owner.get(f"/desk/meetings/{house.meeting}/show").text
    assert "Words for 1 photo of yours wait for you." in house.walker.get("/plain/mine").text
    assert "You said that these words are right." in house.decide("yes")
    assert "wait for you" not in house.walker.get("/plain/mine").text
    assert house.labels() == {"en": OWN, "cs": CZECH}
    assert CZECH in house.owner.get(f"/desk/meetings/{house.meeting}/show").text
    assert "approved by the author" in house.curator.get(house.desk).text
    assert "lacks a language" not in house.shortlist()


def test_edited_words_never_overwrite_what_the_author_wrote(house: House) -> None:
    house.write(house.curator, en=EDITED)
    assert house.labels()["en"] == OWN
    house.decide("yes")
    assert house.labels()["en"] == EDITED
    assert OWN in house.curator.get(house.desk).text
    assert f">{OWN}</textarea>" in house.walker.get(house.mine).text
    house.decide("no")
    assert house.labels()["en"] == OWN
    assert "the author said: not like this" in house.curator.get(house.desk).text


def test_an_agreement_ends_with_the_caption_that_it_was_about(house: House) -> None:
    house.write(house.curator, cs=CZECH)
    house.decide("yes")
    house.walker.send(house.mine, {"caption": "No bench any more", "up": "y", "people": "none"})
    assert house.labels() == {"en": "No bench any more", "cs": ""}
    assert "this agreement does not count any more" in house.curator.get(house.desk).text
    assert "You have changed your own caption since you agreed." in house.walker.get(house.mine).text
    house.decide("yes")
    assert house.labels()["cs"] == CZECH


def test_a_file_with_words_that_were_refused_since_is_taken_away(house: House) -> None:
    house.write(house.curator, cs=CZECH)
    house.decide("yes")
    export_id = order(house.owner, house.walk.project_id, "captions", f"exhibition:{house.show}")
    made(house.app, export_id)
    house.decide("no")
    page = house.owner.get(f"/desk/exports/{export_id}/file").text
    assert "words beside it are no longer those that its author agreed to" in page


def test_what_was_agreed_in_person_is_noted_with_a_name(house: House) -> None:
    fields = house.fields(house.curator, cs=CZECH)
    page = house.curator.post(f"{house.desk}/words", {**fields, "in_person-cs": "y"}).text
    assert "Agreed in person, noted by <bdi>curator@example.org</bdi>" in page
    assert house.labels()["cs"] == CZECH
    assert "You agreed to these words in person" in house.walker.get(house.mine).text
    empty = {**house.fields(house.curator, en=""), "in_person-en": "y"}
    assert "Write the words" in house.curator.post(f"{house.desk}/words", empty, 422).text
    house.write(house.owner, cs="Lavička")  # other words were not agreed to
    assert house.labels()["cs"] == ""


def test_two_organisers_do_not_overwrite_each_other_silently(house: House) -> None:
    mine = house.fields(house.curator, cs="Lavička u kaštanu")
    house.write(house.owner, cs=CZECH, en=EDITED)
    page = house.curator.post(f"{house.desk}/words", mine, 409).text
    assert "somebody else was quicker" in page
    assert f'lang="cs">{CZECH}</bdi>' in page
    assert "organiser@example.org" in page
    assert ">Lavička u kaštanu</textarea>" in page
    again = {**forms(page)["words#words"], "words-cs": "Lavička u kaštanu", "words-en": EDITED}
    house.curator.post(f"{house.desk}/words", again)
    with house.app.app_context():
        photo = photo_queries.photo(house.photo)
        assert photo is not None
        assert {row.language: row.words for row in photo.wordings} == {"cs": "Lavička u kaštanu", "en": EDITED}


def test_the_author_decides_on_the_words_that_were_shown(house: House) -> None:
    house.write(house.curator, cs=CZECH)
    asked = forms(house.walker.get(house.mine).text)["words"]
    house.write(house.curator, cs="Lavička")
    page = house.walker.post(f"{house.mine}/words", {**asked, "right": "yes"}, 409).text
    assert "These words have changed meanwhile." in page
    assert house.labels()["cs"] == ""


def test_what_is_sent_twice_counts_once(house: House) -> None:
    fields = {**house.fields(house.curator, cs=CZECH), "in_person-cs": "y"}
    for _ in range(2):
        house.curator.post(f"{house.desk}/words", fields)
    asked = {**forms(house.walker.get(house.mine).text)["words"], "right": "no"}
    for _ in range(2):
        house.walker.post(f"{house.mine}/words", asked)
    assert "the author said: not like this" in house.curator.get(house.desk).text


def test_who_may_not_write_words_reads_them(house: House) -> None:
    house.write(house.curator, cs=CZECH)
    with house.app.app_context():
        make_organiser(house.walk.project_id, Role.OFFICER, "officer@example.org")
    officer = Visitor(house.app)
    log_in(officer, "officer@example.org")
    page = officer.get(house.desk).text
    assert CZECH in page
    assert "<textarea" not in page


def test_words_go_with_their_photo_and_stand_in_what_a_person_gets(house: House) -> None:
    house.write(house.curator, cs=CZECH)
    data = house.owner.client.get(f"/desk/participants/{house.author}/data.zip").data
    assert b"words_for_labels" in data
    assert CZECH.encode() in data
    with house.app.app_context():
        assert take_back_photo(house.author, house.photo)
        photo = photo_queries.photo(house.photo)
        assert photo is not None
        assert not photo.wordings


@pytest.mark.parametrize(
    ("state", "of", "hangs"),
    [
        (Approval.WAITING, {"uk": "a"}, False),
        (Approval.REFUSED, {"uk": "a"}, False),
        (Approval.APPROVED, {"uk": "a"}, True),
        (Approval.IN_PERSON, {"uk": "a"}, True),
        (Approval.APPROVED, {"uk": "b"}, False),
        (Approval.IN_PERSON, {"uk": "a", "en": "c"}, False),
    ],
)
def test_what_may_hang(state: Approval, of: dict[str, str], hangs: bool) -> None:
    caption = {"uk": "a"}
    row = Wording(photo_id=uuid.uuid4(), language="cs", words="á", state=state, made_of=caption_print(of))
    assert approved(caption, [row]) == ({"cs": "á"} if hangs else {})
    assert may_hang(caption, [row]) == {"uk": "a", **({"cs": "á"} if hangs else {})}
    own = Wording(photo_id=uuid.uuid4(), language="uk", words="á", state=state, made_of=caption_print(of))
    assert may_hang(caption, [own]) == {"uk": "á" if hangs else "a"}


def test_the_verbs_say_which_language_came_between(house: House) -> None:
    with house.app.app_context(), transaction():
        photo = photo_queries.photo(house.photo)
        assert photo is not None
        wish = photo_changes.Wish("cs", CZECH, False, photo_changes.seen_of(None))
        assert photo_changes.write_words(photo, _someone(), [wish], caption_print(photo.caption)) == [wish]
        other = photo_changes.Wish("cs", "Jiná", False, photo_changes.seen_of(None))
        with pytest.raises(photo_changes.WordedMeanwhile) as raised:
            photo_changes.write_words(photo, _someone(), [other], caption_print(photo.caption))
        assert raised.value.languages == ["cs"]


def _someone() -> uuid.UUID:
    from webapp.people import queries as people_queries

    account = people_queries.organiser_by_email("curator@example.org")
    assert account is not None
    return account.id
