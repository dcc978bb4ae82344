"""What stands beside the photos, as a table: one row a photo, in hanging order."""

from collections.abc import Sequence
from pathlib import Path

from webapp.consent.rules import Exit
from webapp.doors import Right
from webapp.export.formats.format import Format, Item, Order, Workshop, columns
from webapp.export.formats.table import table
from webapp.export.rules import Subject
from webapp.mark import N_


def make(order: Order, items: Sequence[Item], workshop: Workshop) -> Path:
    """CSV, as spreadsheets read it."""
    codes = columns(order, items)
    head = ["place", "number", "credit", *(f"caption_{code}" for code in codes)]
    rows = [
        [item.place, item.number, item.credit, *(item.captions.get(code, "") for code in codes)] for item in items
    ]
    target = workshop.folder / "made"
    target.write_bytes(table(head, rows))
    workshop.step(len(items))
    return target


FORMAT = Format(
    title=N_("Captions as a table"),
    about=N_("CSV that Excel and LibreOffice open: place, number, credit, the caption in each language."),
    subjects=(Subject.EXHIBITION,),
    way=Exit.EXHIBITION,
    right=Right.SHORTLIST,
    ending="csv",
    type="text/csv",
    make=make,
)
