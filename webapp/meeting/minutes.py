"""A meeting's minutes as a document that a word processor opens, to go on writing in."""

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from flask_babel import gettext, ngettext

from webapp.meeting.queries import Board, Shown
from webapp.words import Language, clock, day, pick, printable

WIDTH, HEIGHT = Cm(5.5), Cm(5.5)
InOrder = Callable[[dict[str, str]], list[tuple[str, str]]]


def make_docx(
    meeting: Any,
    project: Any,
    board: Board,
    attendance: Sequence[tuple[str, int]],
    file_of: Callable[[Shown], Path | None],
    language: Language,
    in_order: InOrder,
) -> bytes:
    """The document. `file_of` gives the small file of a photo that the meeting may see."""
    document = Document()
    title = printable(pick(meeting.title)[0])
    document.core_properties.title = title
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.core_properties.language = language.code
    document.add_heading(title, 0)
    when = f"{day(meeting.starts, project.zone)}, {clock(meeting.starts, project.zone)}"
    document.add_paragraph(", ".join(each for each in (when, printable(meeting.where)) if each))
    if attendance:
        document.add_heading(gettext("Who came"), 1)
        for name, heads in [*attendance, (gettext("Together"), sum(heads for _, heads in attendance))]:
            document.add_paragraph(f"{printable(name)}: {heads}", style="List Bullet")
    for group in board.groups:
        document.add_heading(printable(f"{group.letter}  {group.row.name}"), 1)
        _paragraphs(document, group.row.note)
        document.add_paragraph(ngettext("%(num)s photo", "%(num)s photos", len(group.photos)))
        for shown in group.photos:
            _photo(document, shown, file_of, in_order)
    if meeting.note:
        document.add_heading(gettext("Note for the whole meeting"), 1)
        _paragraphs(document, meeting.note)
    if board.loose:
        document.add_paragraph(
            ngettext("%(num)s photo was not grouped.", "%(num)s photos were not grouped.", len(board.loose))
        )
    if language.direction == "rtl":
        _turn(document)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _paragraphs(document: Any, text: str) -> None:
    for line in text.split("\n"):
        if line.strip():
            document.add_paragraph(printable(line))


def _photo(document: Any, shown: Shown, file_of: Callable[[Shown], Path | None], in_order: InOrder) -> None:
    said = in_order(shown.photo.words)
    if path := file_of(shown):
        picture = document.add_paragraph()
        picture.paragraph_format.keep_with_next = True
        shape = picture.add_run().add_picture(str(path))
        scale = min(WIDTH / shape.width, HEIGHT / shape.height)
        shape.width, shape.height = int(shape.width * scale), int(shape.height * scale)
        shape._inline.docPr.set("descr", printable(" / ".join(text for _, text in said)))
    words = document.add_paragraph()
    words.add_run(f"{shown.number}  ").bold = True
    words.add_run(printable(" / ".join(text for _, text in said)) or gettext("Without a caption")).italic = bool(said)
    credited = printable(shown.credit or "") or gettext("No name")
    credit = words.add_run(f"\n{credited}")
    credit.font.size = Pt(9)


def _turn(document: Any) -> None:
    """From right to left."""
    for paragraph in document.paragraphs:
        properties = paragraph._p.get_or_add_pPr()
        turned = OxmlElement("w:bidi")
        turned.set(qn("w:val"), "1")
        properties.append(turned)
