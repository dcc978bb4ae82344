"""What stands beside the photos, for whoever writes, translates or proofreads the labels in Word."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from webapp.consent.rules import Exit
from webapp.doors import Right
from webapp.export.formats.format import Format, Item, Order, Workshop, columns, direction
from webapp.export.rules import Subject
from webapp.mark import N_
from webapp.words import language_name

THUMB_MM = 40


def make(order: Order, items: Sequence[Item], workshop: Workshop) -> Path:
    """A table with small pictures and an empty column for remarks."""
    from docx import Document  # slow to load, and nobody else needs it
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm, Pt

    codes = columns(order, items)
    document = Document()
    _nobody(document)
    document.core_properties.title = order.name
    page = document.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = Mm(297), Mm(210)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(15)
    document.styles["Normal"].font.size = Pt(11)
    document.add_heading(order.name, 1)
    heads = [_("Place"), _("Number"), _("Photo"), *(language_name(code) for code in codes), _("Credit"), _("Remarks")]
    grid = document.add_table(rows=1, cols=len(heads))
    grid.style = "Table Grid"
    for cell, head in zip(grid.rows[0].cells, heads, strict=True):
        cell.paragraphs[0].add_run(head).bold = True
    _repeat_head(grid.rows[0])
    for done, item in enumerate(items, 1):
        cells = grid.add_row().cells
        cells[0].text, cells[1].text = str(item.place), str(item.number)
        drawn = cells[2].paragraphs[0].add_run().add_picture(str(item.file), width=Mm(THUMB_MM))
        said = next(iter(item.captions.values()), _("Photo %(number)s", number=item.number))
        drawn._inline.docPr.set("descr", said)
        drawn._inline.docPr.set("name", str(item.number))
        for cell, code in zip(cells[3:], codes, strict=False):
            _write(cell.paragraphs[0], item.captions.get(code, ""), code)
        cells[len(codes) + 3].text = item.credit or _("No name")
        workshop.step(done)
    if order.left_out:
        document.add_heading(_("Left out"), 2)
        for each in order.left_out:
            document.add_paragraph(f"{each.number}: {_(each.reason)}", style="List Bullet")
    target = workshop.folder / "made"
    document.save(str(target))
    return target


def _nobody(document: Any) -> None:
    """The library's template has an author and a date of its own."""
    facts = document.core_properties
    facts.author = facts.last_modified_by = facts.comments = facts.keywords = ""


def _write(paragraph: Any, words: str, code: str) -> None:
    from docx.oxml import OxmlElement

    run = paragraph.add_run(words)
    if direction(code) == "rtl":
        paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
        run.font.rtl = True


def _repeat_head(row: Any) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


FORMAT = Format(
    title=N_("Captions for Word"),
    about=N_("A table with a small picture, the caption in each language, the credit, and room for remarks."),
    subjects=(Subject.EXHIBITION,),
    way=Exit.EXHIBITION,
    right=Right.SHORTLIST,
    ending="docx",
    type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    make=make,
    edge=320,
)
