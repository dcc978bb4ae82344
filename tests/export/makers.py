"""An exhibition with photos on its shortlist, and files made of it at once."""

import uuid
from collections.abc import Sequence

from flask import Flask

from tests.client import Visitor
from webapp.database import db, transaction
from webapp.exhibition import changes as exhibition_changes
from webapp.exhibition.rules import State
from webapp.export import jobs, queries
from webapp.export.tables import Export

CAPTIONS = {
    "cs": "Příliš žluťoučký kůň: tahle výloha svítí jako jediná.",
    "vi": "Khi tôi đi làm ca đêm về, chỉ có cửa sổ này còn sáng.",
    "uk": "Коли я повертаюся з нічної зміни, світиться лише ця вітрина.",
    "ar": "عندما أعود من نوبة الليل لا يضيء إلا هذا الشباك",
}


def make_exhibition(
    project_id: uuid.UUID, photos: Sequence[uuid.UUID], languages: Sequence[str] = ("cs", "en")
) -> uuid.UUID:
    with transaction():
        show = exhibition_changes.add_exhibition(project_id, {"en": "On the wall", "cs": "Na zdi"}, languages)
        for photo in photos:
            exhibition_changes.decide(show.id, photo, State.PICK, None)
        return show.id


def order(visitor: Visitor, project_id: uuid.UUID, format_: str, subject: str, paper: str = "") -> uuid.UUID:
    """Asks for a file on the page; returns its id."""
    fields = {"format": format_, "subject": subject, **({"paper": paper} if paper else {})}
    page = visitor.send(f"/desk/projects/{project_id}/files", fields)
    assert "data-export" in page.text
    with visitor.client.application.app_context():
        newest = queries.exports_of(project_id)[0]
        return newest.id


def made(app: Flask, export_id: uuid.UUID) -> Export:
    """What the worker would have done by now."""
    with app.app_context():
        jobs.make_export(str(export_id))
        db.session.rollback()
        row = queries.export(export_id)
        assert row is not None
        db.session.refresh(row)
        db.session.expunge(row)
        return row
