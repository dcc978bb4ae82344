"""A connection that ends in the middle of a photo: nothing of it stays, and sending it again works."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.oracle import Pictures, originals, photo_letter, photos, prepare, sha, spooled
from tests.makers import MadeWalk
from tests.plain_client import Letter, PlainClient, answer_on
from tests.server import Served, wait_until


@dataclass(frozen=True)
class Scene:
    """A server, and somebody on a walk."""

    server: Served
    store: Path
    walk: MadeWalk
    client: PlainClient


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    home = tmp_path_factory.mktemp("cut") / "home"
    walk = prepare(home)
    with Served(home) as server:
        client = PlainClient(server.port)
        client.join(walk.code)
        yield Scene(server, home / "uploads", walk, client)


def closed(client: PlainClient, letter: Letter, sent: int) -> None:
    """The phone is gone: its side is closed, and nobody reads an answer."""
    with client.begin(letter) as line:
        line.sendall(letter.body[:sent])


def reset(client: PlainClient, letter: Letter, sent: int) -> None:
    """The network breaks the line off."""
    with client.begin(letter) as line:
        line.sendall(letter.body[:sent])
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, bytes([1, 0, 0, 0, 0, 0, 0, 0]))


def half_closed(client: PlainClient, letter: Letter, sent: int) -> None:
    """Somebody says that there is nothing more to come, and waits for the answer."""
    with client.begin(letter) as line:
        line.sendall(letter.body[:sent])
        line.shutdown(socket.SHUT_WR)
        assert answer_on(line) in (None, 400)


def promised_too_much(client: PlainClient, letter: Letter, sent: int) -> None:
    """The whole form, but its length says that more must come."""
    with client.begin(letter, len(letter.body) + 1000) as line:
        line.sendall(letter.body)
        line.shutdown(socket.SHUT_WR)
        assert answer_on(line) in (None, 400)


@pytest.mark.parametrize("cut", [closed, reset, half_closed, promised_too_much])
@pytest.mark.parametrize("part", [0.02, 0.5, 0.9999])
def test_a_cut_photo_leaves_nothing_and_may_be_sent_again(
    scene: Scene, cut: Callable[[PlainClient, Letter, int], None], part: float
) -> None:
    rows, files = photos(scene.server.home), originals(scene.store)
    data = Pictures().large(1)
    form, letter = photo_letter(scene.client, scene.walk, data)

    cut(scene.client, letter, round(len(letter.body) * part))

    wait_until(lambda: spooled(scene.server, scene.store) == 0, 20, "what was put aside is let go")
    assert scene.client.get("/health").status == 200
    assert photos(scene.server.home) == rows
    assert originals(scene.store) == files
    # Pictures that came before may still be in the making; their workshops go, too.
    wait_until(lambda: not list((scene.store / "incoming").iterdir()), 20, "nothing is left half-way")

    scene.client.send(letter)
    assert sorted(photos(scene.server.home)) == sorted([*rows, (form, sha(data))])
    assert originals(scene.store) == files | {sha(data)}


def test_half_a_text_is_not_taken_for_the_whole(scene: Scene) -> None:
    """Cut in the middle of its last field, a form looks whole: only its length tells."""
    address = scene.walk.answer_address()
    text = "This must not be cut off before its end."
    letter = scene.client.fill_in(address, {"b.1": "5", "b.2": text})
    half_closed(scene.client, letter, len(letter.body) - 20)
    assert text[:20] not in scene.client.get(address).text
    scene.client.send(letter)
    assert text in scene.client.get(address).text


def test_many_cut_lines_do_not_tire_the_server(scene: Scene) -> None:
    rows = photos(scene.server.home)
    letters = [photo_letter(scene.client, scene.walk, Pictures().small(number))[1] for number in range(8)]
    for letter in letters * 10:
        closed(scene.client, letter, len(letter.body) // 2)
    wait_until(lambda: spooled(scene.server, scene.store) == 0, 20, "what was put aside is let go")
    assert photos(scene.server.home) == rows
    for letter in letters:
        scene.client.send(letter)
    assert len(photos(scene.server.home)) == len(rows) + len(letters)
