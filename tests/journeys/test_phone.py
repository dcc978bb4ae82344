"""The phone's app in a browser that stays: what it calls saved and received, and what goes wrong on the way."""

import hashlib
import json
import os
import re
import shutil
import ssl
import subprocess
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Request, Route, expect
from sqlalchemy import func, select

from tests.journeys.conftest import Ground, Site
from tests.journeys.phone import Line, Phone, wait_for
from tests.makers import MadeWalk, make_call, make_walk
from tests.makers_photo import MAKE, ORIGINAL, corners, encoded, exif, gps_block, grain, turned
from tests.server import HOST, Served
from webapp import create_app
from webapp.config import Settings
from webapp.database import db, transaction
from webapp.people import changes as people_changes
from webapp.people import queries as people_queries
from webapp.people.tables import Participant
from webapp.photo.tables import Photo
from webapp.storage import Store, digest
from webapp.walk import changes as walk_changes
from webapp.walk import queries as walk_queries
from webapp.walk.changes import NewStop, WalkDetails
from webapp.walk.tables import Response

CZECH = "Příliš žluťoučký kůň: „lavičky“ & zeleň <b>"
NAME = "walk.pohled.test"
HEICS = ("iphone12_street_car.heic", "iphone7_omaha.heic")
CAPTIONS = (
    'He said "no entry", and left',
    "first line\nsecond, line",
    "🚲 kolo přede dveřmi",
    "هذا المكان يشبه البيت",
    CZECH,
    "=1+1",
)


@dataclass(frozen=True)
class Known:
    """What the server has, and its store, read beside it."""

    site: Site
    walk: MadeWalk

    @property
    def store(self) -> Store:
        found: Store = self.site.app.extensions["store"]
        return found

    def people(self) -> int:
        with self.site.app.app_context():
            of_project = select(func.count()).where(Participant.project_id == self.walk.project_id)
            return db.session.scalar(of_project) or 0

    def answers(self) -> list[dict[str, Any]]:
        """One for each response: its stop's number (0: the whole walk) and what it answers, as in the database."""
        with self.site.app.app_context():
            numbers = {stop: number for number, stop in enumerate(self.walk.stops, 1)}
            rows = db.session.scalars(select(Response).where(Response.walk_id == self.walk.walk_id)).all()
            return [
                {
                    "stop": numbers[row.stop_id] if row.stop_id else 0,
                    "person": row.participant_id,
                    "language": row.language,
                    **{each.question: each.value for each in row.answers},
                    **{f"{each.question} remark": each.remark for each in row.answers if each.remark},
                }
                for row in rows
            ]

    def photos(self) -> list[Photo]:
        """Those that nobody has taken back."""
        with self.site.app.app_context():
            rows = select(Photo).where(Photo.walk_id == self.walk.walk_id, Photo.withdrawn.is_(None))
            return list(db.session.scalars(rows).all())

    def has(self, data: bytes) -> bool:
        """Whether these very bytes lie in the store."""
        return self.has_whole(sha(data)) and self.store.original(sha(data)).read_bytes() == data

    def has_whole(self, sha256: str) -> bool:
        """Whether an original of that SHA-256 lies in the store, read to its end."""
        path = self.store.original(sha256)
        return path.is_file() and digest(path) == sha256


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def line(site: Site) -> Iterator[Line]:
    with Line(int(site.url.rpartition(":")[2])) as line:
        yield line


@pytest.fixture
def phone(browser: Browser, line: Line, tmp_path: Path) -> Iterator[Phone]:
    with Phone(browser.browser_type, tmp_path / "profile", line) as phone:
        yield phone.start()
        assert not phone.errors


@pytest.fixture
def known(site: Site, ground: Ground) -> Known:
    return Known(site, ground.walk)


@pytest.fixture
def on_the_walk(phone: Phone, ground: Ground) -> Phone:
    """A phone whose owner has joined the walk of two stops, ready to go offline."""
    phone.join(ground.walk.code)
    return phone


@pytest.fixture
def long_walk(site: Site, ground: Ground) -> MadeWalk:
    """Three stops, photos at each of them."""
    return add_walk(site, ground.walk, ["The square", "The office", "The river"])


def add_walk(site: Site, like: MadeWalk, names: list[str]) -> MadeWalk:
    """One more walk in the same project, with the same checklists."""
    code = uuid.uuid4().hex[:12].upper()
    with site.app.app_context(), transaction():
        walk = walk_changes.add_walk(
            project_id=like.project_id,
            title={"en": "A longer walk", "cs": "Delší procházka"},
            district={"en": "Prague 7"},
            meeting_point={"en": "At the bridge"},
            starts=walk_queries.walk(like.walk_id).starts,
            code=code,
            stops=[NewStop({"en": name}, 50.1 + at / 100, 14.43, 60) for at, name in enumerate(names)],
            checklists=[walk_queries.version(each) for each in like.versions],
        )
        return MadeWalk(like.project_id, walk.id, code, tuple(stop.id for stop in walk.stops), like.versions)


def rename_first_stop(site: Site, made: MadeWalk, name: str) -> None:
    """A newer version of the walk's pages."""
    with site.app.app_context(), transaction():
        walk = walk_queries.walk(made.walk_id)
        details = WalkDetails(walk.title, walk.district, walk.meeting_point, walk.starts, walk.minutes)
        named = [(each.id, NewStop(each.name, each.lat, each.lon, None, each.photos)) for each in walk.stops]
        named[0] = (named[0][0], NewStop({"en": name}, 50.1, 14.43, None))
        walk_changes.edit_walk(walk, details, named)


def jpeg(number: int, width: int = 900, height: int = 1200) -> FilePayload:
    """A JPEG as from a camera, with its own metadata; no two are alike."""
    block = exif({MAKE: "MakerCam"}, {ORIGINAL: f"2018:06:18 10:{number:02}:00"}, gps_block(50.1 + number / 1000))
    picture = grain(width, height) if number % 2 else corners(width, height)
    return payload(f"IMG_{number}.jpg", encoded(picture, exif=block, quality=90))


def payload(name: str, data: bytes) -> FilePayload:
    types = {".jpg": "image/jpeg", ".heic": "image/heic"}
    return {"name": name, "mimeType": types[Path(name).suffix], "buffer": data}


@pytest.fixture
def heics(request: pytest.FixtureRequest) -> list[FilePayload]:
    """Two from real phones; made ones where the shared files are absent."""
    try:
        folder = request.getfixturevalue("corpus") / "photos"
        return [payload(name, (folder / name).read_bytes()) for name in HEICS]
    except pytest.skip.Exception:
        block = exif({MAKE: "MakerCam"}, {ORIGINAL: "2018:06:18 10:09:00"}, gps_block()).tobytes()
        sizes = ((640, 480), (480, 640))
        return [
            payload(f"made_{wide}.heic", encoded(corners(wide, high), "HEIF", exif=block)) for wide, high in sizes
        ]


# --- the journey


def test_everything_that_was_saved_survives_and_arrives(
    phone: Phone, site: Site, long_walk: MadeWalk, heics: list[FilePayload]
) -> None:
    known = Known(site, long_walk)
    files = [jpeg(1), heics[0], jpeg(2), payload("turned.jpg", turned(6, grain(900, 1200))), heics[1], jpeg(3)]
    recovery = phone.join(long_walk.code)
    assert re.fullmatch(r"(\w{4}-?){4}", recovery)
    phone.lose_signal()
    answer_three_stops(phone)
    ids = choose_six(phone, files)
    for id, caption in list(zip(ids, CAPTIONS, strict=True))[:3]:
        phone.open_photo(id)
        phone.caption.fill(caption)
        phone.finish_photo()
    before = write_until_killed(phone, ids[3], CAPTIONS[3])

    phone.start().open_app()
    after_the_kill(phone, before, ids)
    for id, caption in list(zip(ids, CAPTIONS, strict=True))[3:]:
        if phone.page.evaluate("location.hash") != f"#photo/{id}":
            phone.open_photo(id)
        phone.caption.fill(caption)
        phone.finish_photo()
    assert known.answers() == [] and known.photos() == []

    phone.send_originals("Always, at once")
    phone.find_signal()
    phone.everything_received()
    assert {row["state"] for row in phone.stored("items").values()} == {"received"}
    assert phone.stored("data") == {}, "pictures that were received stay on the phone"
    stops = [{key: value for key, value in each.items() if key != "person"} for each in known.answers()]
    assert sorted(stops, key=json.dumps) == sorted(ANSWERED, key=json.dumps)
    rows = {str(each.id): each for each in known.photos()}
    assert {id: rows[id].caption for id in ids} == {
        id: {"en": caption} for id, caption in zip(ids, CAPTIONS, strict=True)
    }
    assert sorted(each.original for each in rows.values()) == sorted(sha(file["buffer"]) for file in files)
    for file in files:
        assert known.has(file["buffer"]), f"{file['name']} is not on the server as it was"


ANSWERED = [
    *({"stop": stop, "language": "en", "b.1": stop, "b.2": f"{CZECH} {stop}"} for stop in (1, 3)),
    {"stop": 2, "language": "en", "b.1": None, "b.2": f"{CZECH} 2", "b.1 remark": "Večer ne.\nV zimě taky ne."},
    *({"stop": stop, "language": "en", "s.1": 0} for stop in (1, 2, 3)),
]


def answer_three_stops(phone: Phone) -> None:
    phone.page.locator("[data-part=go]").click()
    for stop in (1, 2, 3):
        phone.question("b.1")
        if stop == 2:
            phone.remark("b.1", "Večer ne.\nV zimě taky ne.")
        phone.tap("b.1", "?" if stop == 2 else str(stop))
        phone.write("b.2", f"{CZECH} {stop}")
        phone.go_on()
        phone.tap("s.1", "0")
        phone.sees("done")
        if stop < 3:
            phone.next_stop()


def choose_six(phone: Phone, files: list[FilePayload]) -> list[str]:
    """Chooses them; gives the ids of their records in the files' order."""
    phone.choose_photos(files)
    phone.sees("photos")
    expect(phone.photos).to_have_count(len(files))
    found = {row["body"]["sha256"]: id for id, row in phone.draft_of("photo").items()}
    return [found[sha(file["buffer"])] for file in files]


@dataclass(frozen=True)
class Before:
    """The phone a moment before its browser was killed."""

    drafts: dict[str, Any]
    items: dict[str, Any]
    data: set[str]
    hash: str
    scroll: int
    words: str


def write_until_killed(phone: Phone, id: str, caption: str) -> Before:
    """Begins a caption further down on the page, and loses the browser between two letters."""
    phone.open_photo(id)
    phone.caption.press_sequentially(caption[:12])
    phone.page.evaluate("scrollTo(0, 200)")
    scroll = phone.page.evaluate("Math.round(scrollY)")
    assert scroll > 100
    wait_for(
        phone.page,
        lambda: (
            any(
                name.startswith("at:") and kept["scroll"] == scroll for name, kept in phone.stored("settings").items()
            )
            and phone.draft_of("photo")[id]["body"]["caption"] == {"en": caption[:12]}
        ),
        "the words and the place on the page are kept",
    )
    before = Before(
        phone.stored("drafts"),
        phone.stored("items"),
        set(phone.stored("data")),
        phone.page.evaluate("location.hash"),
        scroll,
        caption[:12],
    )
    phone.caption.press_sequentially(caption[12:15])
    phone.kill()
    return before


def after_the_kill(phone: Phone, before: Before, ids: list[str]) -> None:
    assert phone.page.evaluate("location.hash") == before.hash == f"#photo/{ids[3]}"
    expect(phone.caption).to_have_value(re.compile(f"^{re.escape(before.words)}"))
    wait_for(
        phone.page,
        lambda: abs(phone.page.evaluate("scrollY") - before.scroll) <= 2,
        f"the page stands at {before.scroll}, where it was",
        5,
    )
    drafts = phone.stored("drafts")
    for id, row in before.drafts.items():
        if id != ids[3]:
            assert row["body"].items() <= drafts[id]["body"].items()
    items = phone.stored("items")
    assert {id: row["body"] for id, row in before.items.items()}.items() <= {
        id: row["body"] for id, row in items.items()
    }.items()
    assert set(phone.stored("data")) == before.data
    phone.look_at("photos")
    expect(phone.photos).to_have_count(6)
    phone.look_at(before.hash[1:])
    expect(phone.caption).to_be_visible()


# --- other addresses than this computer's


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path, str]:
    """A certificate for NAME that nobody has signed, its key, and the fingerprint by which a browser may know it."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed: nobody here can make a certificate")
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -batch"
    subprocess.run(
        [
            *make.split(),
            "-subj",
            f"/CN={NAME}",
            "-addext",
            f"subjectAltName=DNS:{NAME}",
            "-keyout",
            key,
            "-out",
            cert,
        ],
        check=True,
        capture_output=True,
    )
    spki = f"openssl x509 -in {cert} -noout -pubkey | openssl pkey -pubin -outform der"
    spki += " | openssl dgst -sha256 -binary | openssl base64"
    return cert, key, subprocess.check_output(spki, shell=True, text=True).strip()  # noqa: S602


def test_chromium_would_install_it(on_the_walk: Phone) -> None:
    browser = on_the_walk.page.context.new_cdp_session(on_the_walk.page)
    assert browser.send("Page.getInstallabilityErrors") == {"installabilityErrors": []}
    manifest = browser.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert manifest["url"].endswith("/manifest/en.webmanifest")


def test_over_https_on_a_name_of_its_own(
    browser: Browser, certificate: tuple[Path, Path, str], tmp_path: Path
) -> None:
    """No other certificate is believed: without the fingerprint the browser stops at its own warning."""
    cert, key, fingerprint = certificate
    home = tmp_path / "home"
    app = create_app(Settings.read({"POHLED_HOME": str(home)}))
    with app.app_context():
        walk = make_walk("SAFEWALK")
    trust = ssl.create_default_context(cafile=cert)
    trust.check_hostname = False
    server = Served(home, options=["--tls-cert", str(cert), "--tls-key", str(key)], tls=trust)
    with server, Line(server.port) as line:
        address = f"https://{NAME}:{line.port}"
        phone = Phone(browser.browser_type, tmp_path / "profile", line, address)
        phone.options = [
            f"--host-resolver-rules=MAP {NAME} {HOST}",
            f"--ignore-certificate-errors-spki-list={fingerprint}",
        ]
        with phone.start():
            phone.join(walk.code)
            assert phone.page.evaluate("isSecureContext && navigator.serviceWorker.controller !== null")
            phone.lose_signal()
            phone.page.reload()
            phone.is_ready()
            phone.look_at("stop/1")
            phone.tap("b.1", "3")
            phone.look_at("photos")
            picture = jpeg(1)
            phone.choose_photos([picture])
            phone.sees("photo")
            phone.caption.fill(CZECH)
            phone.finish_photo()
            phone.is_kept("#photos")
            phone.kill()
            phone.start().open_app()
            phone.sees("photos")
            phone.send_originals("Always, at once")
            phone.find_signal()
            phone.everything_received()
    known = Known(Site(address, app), walk)
    assert [each["b.1"] for each in known.answers()] == [3]
    assert [each.caption for each in known.photos()] == [{"en": CZECH}]
    assert known.has(picture["buffer"])


def test_over_plain_http_the_plain_pages_do(browser: Browser, site: Site, ground: Ground, tmp_path: Path) -> None:
    port = site.url.rpartition(":")[2]
    with Phone(browser.browser_type, tmp_path / "profile", None, f"http://{NAME}:{port}") as phone:
        phone.options = [f"--host-resolver-rules=MAP {NAME} {HOST}"]
        phone.start().open(f"/j/{ground.walk.code}")
        assert not phone.page.evaluate("isSecureContext")
        expect(phone.page.get_by_text("Here it works only online")).to_be_visible()
        expect(phone.page.get_by_text("It works without a signal, too")).to_be_hidden()
        phone.page.get_by_label("I work for an NGO").check()
        phone.page.get_by_role("button", name="Continue").click()
        phone.page.wait_for_url(f"**/plain/join/{ground.walk.code}?perspective=ngo")
        expect(phone.page.locator("input[type=radio]").first).to_be_visible()
        # Whoever was sent a link into the app is led to the plain pages, too.
        phone.open(f"/w/{ground.walk.code}/en")
        phone.page.wait_for_url(f"**/plain/join/{ground.walk.code}")


# --- several tabs, people and walks on one phone


def test_two_tabs_write_to_the_same_answers(on_the_walk: Phone, known: Known) -> None:
    first, second = on_the_walk, on_the_walk.tab()
    sent: list[tuple[str, str]] = []

    def note(asked: Request) -> None:
        if asked.method == "PUT" and not asked.url.endswith("/me/held"):  # each tab may tell what the phone holds
            sent.append((asked.url, asked.post_data or ""))

    first.context.on("requestfinished", note)
    second.open_app(f"/w/{known.walk.code}/en#stop/1")
    second.question("b.1")
    first.lose_signal()
    first.look_at("stop/1")
    first.tap("b.1", "4")
    second.look_at("ask/1/b.2")
    second.write("b.2", CZECH)
    second.look_at("photos")
    picture = jpeg(1)
    second.choose_photos([picture])
    second.sees("photo")
    second.caption.fill("from the second tab")
    second.finish_photo()
    for tab in (first, second):
        tab.waits(2)
    first.look_at("stop/1")
    first.look_at("ask/1/b.1")
    expect(first.card.locator("input[value='4']")).to_be_checked()

    second.send_originals("Always, at once")
    first.find_signal()
    first.everything_received()
    second.everything_received()
    answers = known.answers()
    assert [(each.get("b.1"), each.get("b.2")) for each in answers] == [(4, CZECH)]
    assert known.has(picture["buffer"])
    assert len(known.photos()) == 1
    assert not [each for each, times in Counter(sent).items() if times > 1], "something was sent twice"


def test_a_second_person_borrows_the_phone(on_the_walk: Phone, known: Known) -> None:
    phone = on_the_walk
    phone.look_at("stop/1")
    phone.tap("b.1", "4")
    phone.look_at("me")
    phone.page.get_by_role("link", name="Lend this phone to somebody else").click()
    phone.agree()
    phone.look_at("stop/1")
    expect(phone.question("b.1").locator("input:checked")).to_have_count(0)
    phone.tap("b.1", "1")
    phone.everything_received()
    assert known.people() == 2
    assert sorted(each["b.1"] for each in known.answers()) == [1, 4]
    assert len({each["person"] for each in known.answers()}) == 2

    phone.look_at("me")
    expect(phone.page.locator("[data-part=whom] button")).to_have_count(2)
    phone.page.locator("[data-part=whom] button:not([aria-current])").click()
    phone.sees("home")
    phone.look_at("ask/1/b.1")
    expect(phone.card.locator("input[value='4']")).to_be_checked()
    # After a kill it is still the one who used it last.
    phone.kill()
    phone.start().open_app()
    expect(phone.question("b.1").locator("input[value='4']")).to_be_checked()


def test_who_joined_only_one_walk_is_known_there(on_the_walk: Phone, site: Site, known: Known) -> None:
    phone = on_the_walk
    phone.come_in(add_walk(site, known.walk, ["The river"]).code)
    phone.sees("same")
    phone.page.get_by_role("link", name="No, I am somebody else").click()
    phone.agree()
    # The phone was used last by somebody who never joined the first walk: there it is still the first person.
    phone.open_app(f"/w/{known.walk.code}/en")
    phone.add_photo(jpeg(1), "mine")
    expect(phone.photos).to_have_count(1)
    phone.send_originals("Always, at once")
    phone.everything_received()
    assert known.people() == 2
    assert [each.caption for each in known.photos()] == [{"en": "mine"}]


@pytest.mark.parametrize("kind", ["walk", "call"])
def test_the_same_person_joins_again_elsewhere(on_the_walk: Phone, site: Site, known: Known, kind: str) -> None:
    phone, title = on_the_walk, {"walk": "A longer walk", "call": "My city"}[kind]
    if kind == "walk":
        code = add_walk(site, known.walk, ["The river"]).code
    else:
        code = uuid.uuid4().hex[:12].upper()
        with site.app.app_context():
            make_call(known.walk.project_id, code)
    phone.come_in(code)
    phone.sees("same")
    expect(phone.page.get_by_role("heading", name="Is it you?")).to_be_visible()
    phone.page.get_by_role("button", name="Yes, it is me").click()
    phone.sees("home")
    phone.ready_offline()
    assert known.people() == 1
    phone.lose_signal()
    # Both are there without a signal, and the list of them leads to each.
    for name in ("A short walk", title):
        phone.open("/start/en?all")
        phone.page.get_by_role("link", name=name).click()
        phone.is_ready()
        expect(phone.page.locator("[data-part=where]")).to_have_text(name)


def test_leaving_takes_everything_off_the_phone(on_the_walk: Phone, known: Known) -> None:
    phone = on_the_walk
    phone.lose_signal()
    phone.look_at("stop/1")
    phone.tap("b.1", "4")
    phone.add_photo(jpeg(1), "mine alone")
    phone.look_at("me")
    phone.page.locator("summary", has_text="Take everything off this phone").click()
    expect(phone.page.get_by_text("2 things have not been received yet. They would be lost")).to_be_visible()
    phone.page.locator("[data-do=wipe]").click()
    phone.sees("agree")
    expect(phone.page.locator("[data-part=tray]")).to_be_hidden()
    for shelf in ("people", "drafts", "items", "bytes", "data"):
        assert phone.stored(shelf) == {}, shelf
    phone.open(f"/w/{known.walk.code}/en#photos")
    phone.is_ready()
    phone.sees("agree")
    assert "mine alone" not in phone.page.content()
    assert known.people() == 1, "what was received stays with the project"


# --- what goes wrong on the way


def test_a_network_that_wants_a_login_first(phone: Phone, known: Known) -> None:
    def login_page(route: Route) -> None:
        route.fulfill(status=200, content_type="text/html", body="<h1>Welcome to Free Wi-Fi</h1>")

    phone.come_in(known.walk.code)
    phone.choose()
    phone.context.route("**/api/**", login_page)
    phone.save_choices()
    expect(phone.page.get_by_role("alert").filter(has_text="The project cannot be reached just now")).to_be_visible()
    phone.sees("agree")
    assert known.people() == 0
    phone.context.unroute("**/api/**")
    phone.save_choices()
    phone.write_code_down()
    phone.ready_offline()

    phone.context.route("**/api/**", login_page)
    phone.look_at("stop/1")
    phone.tap("b.1", "4")
    picture = jpeg(1)
    phone.add_photo(picture, "behind the portal")
    phone.look_at("tray")
    expect(phone.page.locator("[data-part=items]")).to_contain_text("This network shows a page of its own")
    phone.waits(2)
    assert sha(picture["buffer"]) in phone.stored("data")
    assert "received" not in {row["state"] for row in phone.stored("items").values()}
    phone.context.unroute("**/api/**")
    phone.page.get_by_label("Always, at once").check()
    phone.page.get_by_role("button", name="Send now").click()
    phone.everything_received()
    assert [each["b.1"] for each in known.answers()] == [4]
    assert known.has(picture["buffer"])


def test_a_phone_that_was_shut_out_goes_on_with_a_code(on_the_walk: Phone, site: Site, known: Known) -> None:
    phone = on_the_walk
    [(id, person)] = phone.stored("people").items()
    with site.app.app_context(), transaction():
        found = people_queries.participant(uuid.UUID(id))
        assert found
        code = people_changes.shut_out(found, person["device"])
        assert code
    phone.look_at("stop/1")
    phone.tap("b.1", "4")
    phone.look_at("tray")
    expect(phone.page.locator("[data-part=items]")).to_contain_text("This phone has been shut out")
    phone.waits(1)
    assert known.answers() == []

    phone.page.get_by_role("link", name="I have a recovery code").click()
    phone.give_code(code)
    phone.everything_received()
    assert [each["b.1"] for each in known.answers()] == [4]
    assert known.people() == 1


def test_a_lost_answer_to_joining_makes_one_person(phone: Phone, known: Known) -> None:
    lost: list[int] = []

    def lose(route: Route) -> None:
        lost.append(route.fetch().status)
        route.abort()

    phone.come_in(known.walk.code)
    phone.choose()
    phone.context.route("**/api/v1/join", lose, times=2)
    for time in (1, 2):
        phone.save_choices()
        wait_for(phone.page, lambda time=time: len(lost) == time, "the server has joined somebody")  # type: ignore[misc]
        expect(phone.page.get_by_role("alert").filter(has_text="cannot be reached just now")).to_be_visible()
    assert lost == [200, 200]
    phone.page.reload()  # the choices stay
    phone.is_ready()
    expect(phone.page.locator("[data-do=join]")).to_contain_text("Save my choices")
    phone.save_choices()
    phone.write_code_down()
    phone.look_at("stop/1")
    phone.tap("b.1", "4")
    phone.everything_received()
    assert known.people() == 1
    assert len(known.answers()) == 1


def test_a_photo_taken_back_without_a_signal(on_the_walk: Phone, known: Known) -> None:
    phone = on_the_walk
    stays, goes = jpeg(1), jpeg(2)
    goes["buffer"] += os.urandom(16)  # bytes that nobody else has sent: theirs would rightly stay
    phone.send_originals("Always, at once")
    phone.add_photo(stays, "stays")
    phone.add_photo(goes, "goes")
    phone.everything_received()
    assert known.has(stays["buffer"]) and known.has(goes["buffer"])
    phone.lose_signal()
    phone.look_at("photos")
    phone.page.locator("[data-photo]", has_text="goes").locator("a").click()
    phone.take_photo_back()
    expect(phone.photos).to_have_count(1)
    phone.waits(1)
    phone.find_signal()
    phone.everything_received()
    assert [each.caption for each in known.photos()] == [{"en": "stays"}]
    wait_for(
        phone.page,
        lambda: not known.store.original(sha(goes["buffer"])).exists(),
        "what was taken back is off the server's disk",
    )
    assert known.has(stays["buffer"])


def test_another_language_keeps_the_answers(on_the_walk: Phone, known: Known) -> None:
    phone = on_the_walk
    phone.look_at("stop/1")
    phone.tap("b.1", "4")
    phone.write("b.2", CZECH)
    phone.page.locator("a.lang").click()
    phone.sees("languages")
    phone.page.locator("[data-language=cs]").click()
    phone.page.wait_for_url("**/cs#*")
    phone.is_ready()
    expect(phone.page.locator("html")).to_have_attribute("lang", "cs")
    # It is the same question, in the other language.
    expect(phone.question("b.2").locator("textarea[name='b.2']")).to_have_value(CZECH)
    phone.look_at("ask/1/b.1")
    expect(phone.page.get_by_text("Cizí pomůže.")).to_be_visible()
    expect(phone.card.locator("input[value='4']")).to_be_checked()
    phone.look_at("ask/1/b.2")
    expect(phone.card.locator("textarea[name='b.2']")).to_have_value(CZECH)
    phone.go_on()
    phone.tap("s.1", "0")
    phone.sees("done")
    wait_for(phone.page, lambda: len(known.answers()) == 2, "both checklists are there")
    assert {key: each[key] for each in known.answers() for key in ("b.1", "b.2", "s.1") if key in each} == {
        "b.1": 4,
        "b.2": CZECH,
        "s.1": 0,
    }


def test_a_newer_version_waits_for_the_person(on_the_walk: Phone, site: Site, known: Known) -> None:
    phone = on_the_walk
    stop = phone.page.locator(".stops b").first
    note = phone.page.locator("[data-part=newer]")
    expect(note).to_be_hidden()
    rename_first_stop(site, known.walk, "The new square")
    phone.page.reload()
    phone.is_ready()
    expect(note).to_be_visible()
    expect(note).to_contain_text("There is a newer version of these pages. What you have written stays.")
    expect(stop).to_have_text("The square")
    phone.look_at("stop/1")
    phone.tap("b.1", "4")
    phone.page.reload()
    phone.is_ready()
    expect(stop).to_have_text("The square")
    expect(note).to_be_visible()
    with phone.page.expect_navigation():
        note.get_by_role("button", name="Use it now").click()
    phone.is_ready()
    expect(stop).to_have_text("The new square")
    expect(note).to_be_hidden()
    phone.look_at("ask/1/b.1")
    expect(phone.card.locator("input[value='4']")).to_be_checked()
    phone.lose_signal()
    phone.page.reload()
    phone.is_ready()
    expect(stop).to_have_text("The new square")


# --- large pictures


def test_a_large_picture_that_is_cut_goes_on_where_it_was(on_the_walk: Phone, known: Known) -> None:
    phone, picture = on_the_walk, jpeg(1, 2600, 2000)
    assert 3_500_000 < len(picture["buffer"]) < 6_000_000
    pieces: list[int] = []

    def cut(route: Route) -> None:
        """The third piece never arrives."""
        if route.request.method == "PATCH" and int(route.request.headers["upload-offset"]) > 0:
            pieces.append(int(route.request.headers["upload-offset"]))
            if len(pieces) == 2:
                return route.abort()
        return route.continue_()

    phone.context.route("**/api/v1/uploads/**", cut)
    phone.add_photo(picture, "large")
    phone.look_at("tray")
    send = phone.page.locator("[data-part=send]")
    expect(send).to_contain_text("Send everything now (")
    send.click()
    wait_for(phone.page, lambda: len(pieces) >= 2, "the line broke")
    [row] = [each for each in phone.stored("bytes").values() if each["part"] == "original"]
    assert row["state"] != "received" and not known.has(picture["buffer"])
    phone.everything_received()
    assert known.has(picture["buffer"])
    assert pieces[1] == pieces[2], "it went on with the piece that was lost"
    assert sorted(set(pieces)) == list(dict.fromkeys(pieces)), "no other piece was sent again"


@pytest.mark.parametrize(
    "lie",
    [
        {"status": 200, "content_type": "text/html", "body": "<h1>hi</h1>"},
        {"status": 302, "headers": {"Location": "/health"}},
        {"status": 307, "headers": {"Location": "/health"}},
        {"status": 204, "headers": {"Upload-Offset": "999999999"}},
        {"status": 503, "headers": {"Retry-After": "1"}},
        {"status": 404, "content_type": "text/html", "body": "gone"},
    ],
    ids=["page", "moved", "elsewhere", "everything", "busy", "nowhere"],
)
def test_nothing_is_received_that_was_not(on_the_walk: Phone, known: Known, lie: dict[str, Any]) -> None:
    phone, picture = on_the_walk, jpeg(1)
    told: list[str] = []

    def answer(route: Route) -> None:
        told.append(route.request.method)
        route.fulfill(**lie)

    for address in ("**/api/v1/uploads", "**/api/v1/uploads/**"):
        phone.context.route(address, answer)
    phone.send_originals("Always, at once")
    phone.add_photo(picture, "told to be there")
    wait_for(phone.page, lambda: told, "the first piece was answered")
    wait_for(phone.page, lambda: {each["state"] for each in phone.stored("bytes").values()} == {"saved"}, "they wait")
    assert sha(picture["buffer"]) in phone.stored("data")
    for address in ("**/api/v1/uploads", "**/api/v1/uploads/**"):
        phone.context.unroute(address)
    phone.everything_received()
    assert known.has(picture["buffer"])
