"""A ZIP for the print shop: each photo as good as it came, with its words inside, in hanging order."""

import zipfile
from collections.abc import Sequence
from pathlib import Path

from flask_babel import gettext as _

from webapp.consent.rules import Exit
from webapp.doors import Right
from webapp.export.formats.embedded import Words, embed
from webapp.export.formats.format import Format, Item, Order, Workshop, columns, hung_as, labels, nobody
from webapp.export.formats.table import table
from webapp.export.rules import NO_PICTURE, LeftOut, Subject
from webapp.mark import N_
from webapp.words import language_of

LARGE = 8000  # pixels of the long edge: 200 an inch on a wall of a metre


def make(order: Order, items: Sequence[Item], workshop: Workshop) -> Path:
    """`01-17.jpg` is the first to hang, and photo 17. What has every pixel already is not drawn anew."""
    target, rows = workshop.folder / "made", []
    with zipfile.ZipFile(target, "w") as pack:
        for done, item in enumerate(items, 1):
            file = workshop.folder / "photo.jpg"
            # A picture of 200 megapixels may need more memory than there is: then most of its pixels.
            made = workshop.press(item.file, file, None, None) or workshop.press(item.file, file, LARGE, None)
            if made is None:
                workshop.lost.append(LeftOut(item.number, NO_PICTURE))
                continue
            name = f"{hung_as(item)}.jpg"
            pack.writestr(name, embed(file.read_bytes(), words_of(order, item)))
            file.unlink()
            captions = [item.captions.get(code, "") for code in columns(order, items)]
            size = [made.width, made.height, "small" if item.small else "original"]
            rows.append([name, item.number, item.credit, rights_of(order, item), *size, *captions])
            workshop.step(done)
        heads = [f"caption_{code}" for code in columns(order, items)]
        head = ["file", "number", "credit", "rights", "width", "height", "picture", *heads]
        pack.writestr("captions.csv", table(head, rows))
        if left_out := [*order.left_out, *workshop.lost]:
            pack.writestr("left-out.csv", table(("number", "reason"), [(no.number, _(no.reason)) for no in left_out]))
    return target


def words_of(order: Order, item: Item) -> Words:
    others = [(code, words) for code, words in item.captions.items() if code not in order.languages]
    captions = labels(item, order.languages)
    captions += [each for each in others if each not in captions]
    title = _("Photo %(number)s", number=item.number)
    return Words(title, item.credit, item.credit or nobody(order.languages), rights_of(order, item), captions)


def rights_of(order: Order, item: Item) -> str:
    """Whose it is, and what it may be used for."""
    show = order.title[language_of(order.title, order.language)]
    said = _("Only for the exhibition “%(title)s”", title=show)
    return f"© {item.credit.rstrip('.')}. {said}" if item.credit else said


FORMAT = Format(
    title=N_("Photos for the print shop"),
    about=N_(
        "A ZIP of the shortlist in hanging order: every pixel, with credit, caption and rights inside, no place."
    ),
    subjects=(Subject.EXHIBITION,),
    way=Exit.EXHIBITION,
    right=Right.SHORTLIST,
    ending="zip",
    type="application/zip",
    make=make,
)
