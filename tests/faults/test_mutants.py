"""The rule of acknowledgement broken on purpose, in a copy of the program: a test, named here, must notice each.

The rule: received is what lies on the server's disk, flushed and committed, with its id, revision and SHA-256; only
then does the phone let go of it. Who changes one of the lines that are broken here changes its mutant, too.
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.figures import Reached
from tests.house.test_gates import NODE
from tests.server import ROOT

BUILT = ("node_modules", "static/dist")
SECONDS = 300
SEND = "tests/front/outbox/send.test.ts"

pytestmark = pytest.mark.soak


@dataclass(frozen=True)
class Mutant:
    """One line of a file, what is put in its place, and the test that fails because of it."""

    name: str
    path: str
    line: str
    broken: str
    test: str
    """What pytest takes; of a file of the front end: "path::words in the test's name"."""


MUTANTS = [
    # A receipt before the flush.
    Mutant(
        "a receipt before the bytes of a part are flushed",
        "webapp/sync/tus.py",
        "        self.partial.flush()\n        if self.upload and self.at == self.counted:",
        "        if self.upload and self.at == self.counted:",
        "tests/sync/test_tus.py::test_what_an_answer_counts_was_flushed_and_then_committed",
    ),
    Mutant(
        "a receipt before the bytes of the whole are flushed",
        "webapp/storage.py",
        "_settle(draft, target, self.root, partial.flush)",
        "_settle(draft, target, self.root)",
        "tests/sync/test_tus.py::test_what_an_answer_counts_was_flushed_and_then_committed",
    ),
    Mutant(
        "a receipt before the row is flushed",
        "webapp/database.py",
        "PRAGMA synchronous=FULL",
        "PRAGMA synchronous=NORMAL",
        "tests/test_database.py",
    ),
    # Deleted before the receipt.
    Mutant(
        "a picture leaves the phone before its receipt",
        "static/src/outbox/send.ts",
        "      await upload(job);\n",
        "      await upload(job);\n      await store.release(row.id, row.sha256);\n",
        f"{SEND}::bytes are received only when their receipt names these very bytes",
    ),
    # A failed part is swallowed.
    Mutant(
        "the phone takes a failed upload for a received one",
        "static/src/outbox/send.ts",
        "      return this.unsent(row, error);",
        "      await store.release(row.id, sha256);\n      return 'received';",
        f"{SEND}::data stays until the photo names its part",
    ),
    Mutant(
        "the server keeps a whole that is not what was promised",
        "webapp/sync/tus.py",
        "if wish.claimed not in (None, stored.sha256):",
        "if wish.claimed not in (None, stored.sha256) and wish.length < 0:",
        "tests/sync/test_tus.py::test_bytes_that_are_not_what_was_promised_are_thrown_away",
    ),
    # An id is used again.
    Mutant(
        "two photos of one moment share their id",
        "static/src/photo/take.ts",
        "  const random = crypto.getRandomValues(new Uint8Array(10));",
        "  const random = new Uint8Array(10);",
        "tests/front/photo/take.test.ts::is never taken for another of the same moment",
    ),
    Mutant(
        "a second body of one id and revision overwrites the first",
        "webapp/records/rules.py",
        "return Verdict.VERSION  # two pages of one phone",
        "return Verdict.COUNTS  # two pages of one phone",
        "tests/sync/test_records.py::test_two_pages_of_one_phone_that_number_alike_lose_neither",
    ),
    # A refusal is tried again for ever.
    Mutant(
        "a refusal is taken for a busy server",
        "static/src/outbox/answer.ts",
        "  return { state: 'refused', reason: { code: status === 413 ? 'large' : 'refused', ...reason }, wait };",
        "  return { state: 'saved', reason: { code: 'busy', ...reason }, wait };",
        f"{SEND}::is for a person to see",
    ),
    # Whatever looks like a receipt is believed.
    Mutant(
        "a receipt of other bytes is believed",
        "static/src/outbox/item.ts",
        "    said.sha256 === item.sha256 &&\n",
        "",
        f"{SEND}::is not received, and is sent again later",
    ),
    Mutant(
        "bytes are received when as many have come, whatever they are",
        "static/src/outbox/send.ts",
        "part?.sha256 === row.sha256 && part.bytes === row.bytes",
        "part?.bytes === row.bytes",
        f"{SEND}::bytes are received only when their receipt names these very bytes",
    ),
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program as it is here, to be broken."""
    folder = tmp_path_factory.mktemp("broken")
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True).stdout
    for name in filter(None, names.decode().split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    for name in BUILT:
        (folder / name).symlink_to(ROOT / name)
    return folder


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_broken_promise_is_noticed(copy: Path, mutant: Mutant, reached: Reached) -> None:
    path = copy / mutant.path
    whole = path.read_text()
    assert whole.count(mutant.line) == 1, f"{mutant.path} says this no more, or more than once: {mutant.line}"
    assert outcomes(copy, mutant.test) == {"passed"}, "without any harm, the test must pass"
    path.write_text(whole.replace(mutant.line, mutant.broken))
    try:
        assert "failed" in outcomes(copy, mutant.test)
    finally:
        path.write_text(whole)
    reached("mutants", f"{mutant.name}: {mutant.test.rpartition('/')[2]}")


def outcomes(copy: Path, test: str) -> set[str]:
    """How the tests of that name end: "passed", "failed"."""
    env = {**os.environ, "PATH": f"{NODE / 'bin'}{os.pathsep}{os.environ['PATH']}", "CI": "true"}
    if ".ts" not in test:
        command = [sys.executable, "-m", "pytest", "-n0", "-p", "no:cacheprovider", test]
        done = subprocess.run(command, cwd=copy, env=env, capture_output=True, text=True, timeout=SECONDS)
        assert done.returncode in (0, 1), done.stdout[-4000:] + done.stderr[-2000:]
        return {"failed" if done.returncode else "passed"}
    file, _, name = test.partition("::")
    report = copy / "outcomes.json"
    vitest = [str(copy / "node_modules/vitest/vitest.mjs"), "run", file, "-t", name]
    command = [str(NODE / "bin" / "node"), *vitest, "--reporter=json", f"--outputFile={report}"]
    done = subprocess.run(command, cwd=copy, env=env, capture_output=True, text=True, timeout=SECONDS)
    assert report.is_file(), done.stdout[-4000:] + done.stderr[-2000:]
    files = json.loads(report.read_text())["testResults"]
    report.unlink()
    found = {each["status"] for file in files for each in file["assertionResults"]} - {"skipped", "pending"}
    assert found, f"no test is called {name}"
    return found
