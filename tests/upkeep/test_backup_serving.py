"""A backup, and a check, while phones send photos and people take theirs back."""

import gc
import threading
from pathlib import Path

from tests.faults.oracle import Pictures, photo_letter, photos, prepare, sha
from tests.plain_client import PlainClient
from tests.server import Served, wait_until
from tests.upkeep.test_backup import ask, every_row_has_its_file, run
from webapp import create_app
from webapp.config import Settings
from webapp.upkeep.backup import verify
from webapp.upkeep.restore import restore

SENDERS, BEFORE = 3, 10


def test_a_backup_while_photos_come_and_go_is_whole(tmp_path: Path) -> None:
    home, target, fresh = tmp_path / "home", tmp_path / "backup.tar", tmp_path / "fresh"
    walk, pictures = prepare(home), Pictures()
    told, enough = dict[str, str](), threading.Event()

    def send(server: Served, number: int) -> None:
        client = PlainClient(server.port)
        client.join(walk.code)
        while not enough.is_set() and number < 10_000:
            data = pictures.small(number)
            form, letter = photo_letter(client, walk, data)
            client.send(letter)
            told[form] = sha(data)
            number += SENDERS

    with Served(home, options=["--no-worker"]) as server:
        leaving = PlainClient(server.port)
        leaving.join(walk.code)
        leaving.send(photo_letter(leaving, walk, pictures.small(20_000))[1])
        (leaver,) = ask(home, "select participant_id from photo")
        senders = [threading.Thread(target=send, args=(server, number)) for number in range(SENDERS)]
        for sender in senders:
            sender.start()
        wait_until(lambda: len(told) >= BEFORE, 60, "photos come")
        before = dict(told)
        try:
            done = run(home, "backup", str(target))
            meanwhile = len(told) - len(before)
            gone = run(home, "erase", leaver)
            checked = run(home, "check", "--json")
        finally:
            enough.set()
            for sender in senders:
                sender.join()
        server.stop()
    assert done.returncode == 0, done.stderr
    assert gone.returncode == 0, gone.stderr
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert meanwhile, "photos came while the backup was written"
    verify(target)

    settings = Settings.read({"POHLED_HOME": str(fresh)})
    back = restore(settings, target, False, str, create_app)
    assert (back.lost, back.erased) == (0, 0)
    assert leaver in ask(fresh, "select id from participant")
    assert set(before.items()) <= set(photos(fresh))
    assert every_row_has_its_file(fresh) >= len(before)

    gc.collect()  # until then the app that prepared the home uses it
    over = Settings.read({"POHLED_HOME": str(home)})
    assert restore(over, target, True, str, create_app).erased == 1
    assert leaver not in ask(home, "select id from participant")
    assert set(before.items()) <= set(photos(home))
    assert every_row_has_its_file(home) == every_row_has_its_file(fresh) - 1
