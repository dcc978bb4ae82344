"""Every blueprint on one page, and what the doors ask."""

import uuid
from collections.abc import Mapping
from typing import Any

from flask import Flask, session

from webapp import doors
from webapp.desk.pages import pages as desk
from webapp.doors import Role
from webapp.export.pages import pages as export
from webapp.people import queries as people_queries
from webapp.people.cookie import DEVICE, remembered
from webapp.people.pages import pages as people
from webapp.photo import queries as photo_queries
from webapp.photo.pages import pages as photo
from webapp.project import queries as project_queries
from webapp.shell.pages import pages as shell
from webapp.walk import queries as walk_queries
from webapp.walk.pages import pages as walk

BLUEPRINTS = (shell, people, walk, photo, desk, export)


def init_routes(app: Flask) -> None:
    """All pages, each behind its door."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    doors.guard(app, Keeper())


class Keeper:
    """Answers the doors' questions from the features' own queries."""

    def participant(self) -> Any | None:
        token = remembered()
        return people_queries.participant_by_token(token, DEVICE) if token else None

    def organiser(self) -> Any | None:
        token = session.get("login")
        return people_queries.organiser_by_login(token) if token else None

    def may_touch(self, participant: uuid.UUID, args: Mapping[str, Any]) -> bool:
        if "photo_id" in args and photo_queries.author_of(args["photo_id"]) != participant:
            return False
        return "walk_id" not in args or walk_queries.joined(participant, args["walk_id"])

    def role(self, organiser: uuid.UUID, args: Mapping[str, Any]) -> Role | None:
        walk_id = photo_queries.walk_of(args["photo_id"]) if "photo_id" in args else args.get("walk_id")
        project_id = walk_queries.project_of(walk_id) if walk_id else args.get("project_id")
        return project_queries.role_in(organiser, project_id) if project_id else None
