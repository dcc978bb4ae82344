"""What the phone calls saved outlives its browser, and many large photos in its outbox."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, expect

from tests.faults.figures import Reached
from tests.faults.oracle import Pictures
from tests.journeys.conftest import Ground, Site
from tests.journeys.phone import Line, Phone, wait_for
from tests.journeys.test_phone import Known, payload, sha
from webapp.bench import phone as bench
from webapp.bench import shell
from webapp.storage import digest

KILLS, FEW = 100, 4
PHOTOS, BATCH = 150, 10
MEGABYTES_3, GROWN = 3_000_000, 150_000_000  # bytes
SENDING = 900  # seconds
LONGEST = 1.5  # seconds from the first that is saved to the kill
SIGNAL = 0.4  # how often there is one
LONG = 500  # letters, after which a text is begun anew
SOME = ["kůň", "лавка", "ghế", "„a“", "🚲"]
WORDS = {"1/b.2": "b.2", "2/b.2": "b.2", "0/b.3": "b.3"}
TAPS = {"1/b.1": "b.1", "2/b.1": "b.1", "1/s.1": "s.1", "2/s.1": "s.1"}
VALUES = {"b.1": ["1", "2", "3", "4", "5"], "s.1": ["0", "1"]}
WATCH = """
  const last = {};
  const tell = (kind, key, words) => {
    if (last[key] !== kind + words) told(kind, key, words);
    last[key] = kind + words;
  };
  const note = () => {
    const [view, key] = location.hash.slice(1).split('/');
    const find = (selector) => document.querySelector(selector);
    if (!document.body || document.body.dataset.shown !== view) return;
    if (view === 'photo' && find('section[data-view=photo][data-saved]:not([hidden])'))
      tell('photo', key, find('#photo-caption').value);
    for (const each of view === 'photos' ? document.querySelectorAll('[data-view=photos] [data-photo]') : [])
      tell('photo', each.dataset.photo, null);
    const card = find('form[data-question][data-saved]:not([hidden])');
    const stamp = find('[data-part=stamp]'); // an address is there before its question is drawn
    if (view !== 'ask' || !card || (stamp.hidden ? '0' : stamp.textContent) !== key) return;
    const fields = [...card.querySelectorAll(`[name="${card.dataset.question}"]`)];
    const said = fields.map((each) => (each.matches('textarea, :checked') ? each.value : '')).join('');
    tell('answer', `${key}/${card.dataset.question}`, said);
  };
  const seen = ['data-saved', 'data-shown', 'hidden'];
  new MutationObserver(note).observe(document, { subtree: true, childList: true, attributeFilter: seen });
"""
"""Tells outside of the browser what the page calls saved, in the moment in which it does."""
HELD = """async () => {
  const opening = indexedDB.open('pohled');
  await new Promise((done, fail) => { opening.onsuccess = done; opening.onerror = fail; });
  const shelf = opening.result.transaction('data').objectStore('data');
  const all = (name) => new Promise((done, fail) => {
    const asked = shelf[name]();
    asked.onsuccess = () => done(asked.result);
    asked.onerror = fail;
  });
  const [keys, held] = [await all('getAllKeys'), await all('getAll')];
  opening.result.close();
  const sums = await Promise.all(held.map((data) => crypto.subtle.digest('SHA-256', data)));
  const hex = (sum) => Array.from(new Uint8Array(sum), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return keys.map((key, at) => [key, hex(sums[at])]);
}"""
"""What the phone holds bytes of: under which name, and their SHA-256 as read now."""


@pytest.fixture
def phone(browser: Browser, site: Site, tmp_path: Path) -> Iterator[Phone]:
    with (
        Line(int(site.url.rpartition(":")[2])) as line,
        Phone(browser.browser_type, tmp_path / "profile", line) as phone,
    ):
        yield phone.start()
        assert not phone.errors


@pytest.fixture
def known(site: Site, ground: Ground) -> Known:
    return Known(site, ground.walk)


@dataclass
class Journal:
    """What the screen called saved, and the last that was begun. Of a photo (by its id) that is its caption."""

    saved: dict[str, str] = field(default_factory=dict)
    begun: dict[str, str] = field(default_factory=dict)
    photos: set[str] = field(default_factory=set)
    told: int = 0
    first: Callable[[], None] | None = None  # called when something is told the next time

    def hear(self, _: object, kind: str, key: str, words: str | None) -> None:
        self.told += 1
        first, self.first = self.first, None
        if first:
            first()
        if kind == "photo":
            self.photos.add(key)
        if words is not None:
            self.saved[key] = words.strip()

    def allows(self, key: str, found: str) -> bool:
        """What was saved, or more of what was begun since: the last notice may have died with the browser."""
        saved, begun = self.saved[key], self.begun.get(key, "")
        grown = len(found) > len(saved) or not begun.startswith(saved)
        return found == saved or (bool(found) and grown and begun.startswith(found))


@dataclass
class Owner:
    """Does one thing after the other with a phone, until its browser is gone."""

    phone: Phone
    journal: Journal
    chance: random.Random
    pictures: Pictures = field(default_factory=Pictures)
    files: dict[str, bytes] = field(default_factory=dict)

    def write(self) -> None:
        address = self.chance.choice(list(WORDS))
        self.phone.look_at(f"ask/{address}")
        self._type(address, self.phone.question(WORDS[address]).locator("textarea").first)

    def tap(self) -> None:
        while True:
            self._tap()

    def add(self) -> None:
        while True:
            self.phone.look_at("photos")
            self.phone.choose_photos([self._file()])
            self.phone.sees("photo")
            self._type(self.phone.page.evaluate("location.hash").rpartition("/")[2], self.phone.caption, 3)
            self.phone.finish_photo()

    def send(self) -> None:
        self.phone.find_signal()
        self.phone.send_originals("Always, at once")
        while True:
            self._tap()
            self.phone.look_at("tray")
            self.phone.page.locator("[data-part=send]").click()

    def _tap(self) -> None:
        address = self.chance.choice(list(TAPS))
        self.phone.look_at(f"ask/{address}")
        chosen = self.phone.card.locator("input:checked")
        others = set(VALUES[TAPS[address]]) - set(chosen.evaluate_all("all => all.map(each => each.value)"))
        self.journal.begun[address] = self.chance.choice(sorted(others))
        self.phone.tap(TAPS[address], self.journal.begun[address])

    def _type(self, key: str, field: Locator, words: int = 1000) -> None:
        begun = field.input_value()
        if len(begun) > LONG:
            begun = self.journal.begun[key] = "again "
            field.fill(begun)
        for _ in range(words):
            word = f"{self.chance.choice(SOME)}{self.chance.randrange(1000)} "
            begun += word
            self.journal.begun[key] = begun
            field.press_sequentially(word)

    def _file(self) -> FilePayload:
        number = len(self.files)
        data = self.pictures.large(number) if number % 5 == 4 else self.pictures.small(number)
        self.files[sha(data)] = data
        return payload(f"IMG_{number}.jpg", data)


def answers_in(phone: Phone, known: Known) -> dict[str, str]:
    """By stop and question, as the phone's own store has them."""
    numbers = {str(stop): number for number, stop in enumerate(known.walk.stops, 1)}
    return {
        f"{numbers.get(row['body'].get('stop'), 0)}/{question}": text_of(answer["value"])
        for row in phone.draft_of("response").values()
        for question, answer in row["body"]["answers"].items()
    }


def text_of(value: Any) -> str:
    return str(int(value) if isinstance(value, bool) else value)


def lost_of(owner: Owner, known: Known) -> list[str]:
    """What the screen had called saved, and the phone that came back does not have."""
    phone, journal, lost = owner.phone, owner.journal, []
    held: dict[str, str] = dict(phone.page.evaluate(HELD))
    assert all(sum == name for name, sum in held.items()), "something is held that is not what it is called"
    photos = phone.draft_of("photo")
    here = answers_in(phone, known) | {id: row["body"]["caption"].get("en", "").strip() for id, row in photos.items()}
    for key in journal.saved:
        if journal.allows(key, here.get(key, "")):
            journal.saved[key] = here.get(key, "")
        else:
            lost.append(f"{key}: {journal.saved[key]!r} was saved, {here.get(key)!r} is there")
    sums = {id: photos[id]["body"]["sha256"] for id in journal.photos & photos.keys()}
    assert len(set(sums.values())) == len(sums) and set(sums.values()) <= owner.files.keys()
    for id in journal.photos:
        if not (id in sums and (sums[id] in held or known.has(owner.files[sums[id]]))):
            lost.append(f"photo {id}")
    return lost


def test_a_browser_that_is_killed_while_it_saves(phone: Phone, known: Known, soak: bool, reached: Reached) -> None:
    kills = KILLS if soak else FEW
    chance = random.Random(2018)
    journal = Journal()
    owner = Owner(phone, journal, chance)
    phone.join(known.walk.code)
    phone.context.close()
    acts = [owner.add, owner.write, owner.tap, owner.send]
    lost: list[str] = []
    for kill in range(kills):
        phone.start()
        phone.context.expose_binding("told", journal.hear)
        phone.context.add_init_script(WATCH)
        phone.open_app()
        lost += lost_of(owner, known)
        if chance.random() < SIGNAL:
            phone.find_signal()
        else:
            phone.lose_signal()
        doom = phone.doom(chance.uniform(0, LONGEST))
        journal.first = doom.start
        phone.until_dead(acts[kill % len(acts)], doom)
    phone.start().open_app()
    lost += lost_of(owner, known)
    assert not lost
    phone.find_signal()
    phone.send_originals("Always, at once")
    phone.everything_received()
    asked = {*WORDS.values(), *TAPS.values()}
    there = {
        f"{each['stop']}/{name}": text_of(each[name]) for each in known.answers() for name in asked & each.keys()
    }
    photos = {str(photo.id): photo for photo in known.photos()}
    there |= {id: photo.caption.get("en", "") for id, photo in photos.items()}
    assert {key: there.get(key, "").strip() for key in journal.saved} == journal.saved
    assert journal.photos <= photos.keys()
    assert all(known.has(owner.files[photo.original]) for photo in photos.values())
    assert len(photos) == len({photo.original for photo in photos.values()})
    assert journal.photos and len(journal.saved) > len(journal.photos)
    reached(
        "browser",
        f"{kills} kills, {journal.told} times saved, {len(journal.photos)} photos: {len(lost)} lost, all received",
    )


@pytest.mark.soak
def test_many_large_photos_wait_for_a_signal(phone: Phone, known: Known, tmp_path: Path, reached: Reached) -> None:
    """They may fill the phone's disk, but not its memory; and every one of them arrives as it was taken."""
    camera = shell.Camera(tmp_path, (4000, 3000))
    phone.join(known.walk.code)
    phone.lose_signal()
    phone.page.reload()
    phone.is_ready()
    before = memory_of(phone)
    sums, sizes = list[str](), list[int]()
    while len(sums) < PHOTOS:
        files = [camera.shoot() for _ in range(BATCH)]
        sums += map(digest, files)
        sizes += [file.stat().st_size for file in files]
        phone.look_at("home")
        phone.look_at("photos")
        with phone.page.expect_file_chooser() as asked:
            phone.page.locator("[data-do=choose]:visible").click()
        asked.value.set_files(files)
        expect(phone.photos).to_have_count(len(sums), timeout=60_000)
        for file in files:
            file.unlink()
    grown = memory_of(phone) - before
    phone.kill()  # what nobody has finished goes as it is once the app is opened again
    phone.start().open_app()
    assert len(set(sums)) == PHOTOS and min(sizes) >= MEGABYTES_3
    phone.send_originals("Always, at once")
    phone.find_signal()
    wait_for(phone.page, lambda: not phone.stored("data"), "nothing is left on the phone", SENDING)
    phone.everything_received()
    there = {photo.original for photo in known.photos()} & {sum for sum in sums if known.has_whole(sum)}
    assert len(there) == PHOTOS
    assert grown <= GROWN
    reached(
        "memory",
        f"{grown / 1e6:.0f} MB more for {len(sums)} photos ({sum(sizes) / 1e6:.0f} MB), {len(there)} received",
    )


def memory_of(phone: Phone) -> float:
    return bench.Phone(phone.context, phone.page, phone.address, phone.profile, None).memory()
