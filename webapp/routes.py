"""Every blueprint on one page, and what the doors ask."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, abort, request, session

from webapp import doors
from webapp.desk.calls import pages as calls
from webapp.desk.during import pages as during
from webapp.desk.pages import pages as desk
from webapp.desk.paint import pages as paint
from webapp.desk.people import pages as desk_people
from webapp.desk.projects import pages as projects
from webapp.desk.results import pages as results
from webapp.desk.team import pages as team
from webapp.desk.tracks import pages as tracks
from webapp.desk.walks import pages as desk_walks
from webapp.desk.why import pages as why
from webapp.doors import Role
from webapp.exhibition import queries as exhibition_queries
from webapp.exhibition.pages import pages as exhibition
from webapp.export import queries as export_queries
from webapp.export.pages import pages as export
from webapp.gallery.pages import pages as gallery
from webapp.gallery.quarantine import pages as quarantine
from webapp.join.pages import pages as join
from webapp.meeting import queries as meeting_queries
from webapp.meeting.api import api as board
from webapp.meeting.pages import pages as meeting
from webapp.meeting.wall import wall
from webapp.mine.pages import pages as mine
from webapp.mine.release import pages as release
from webapp.people import queries as people_queries
from webapp.people.cookie import remembered
from webapp.people.pages import pages as people
from webapp.phone.pages import pages as phone
from webapp.photo import queries as photo_queries
from webapp.photo.pages import pages as photo
from webapp.project import queries as project_queries
from webapp.shell.pages import pages as shell
from webapp.sync.api import api
from webapp.sync.tus import uploads
from webapp.walk import queries as walk_queries
from webapp.walk.pages import pages as walk

BLUEPRINTS = (
    shell,
    people,
    join,
    walk,
    photo,
    phone,
    desk,
    projects,
    calls,
    desk_walks,
    during,
    results,
    exhibition,
    export,
    gallery,
    paint,
    quarantine,
    api,
    team,
    uploads,
    mine,
    release,
    desk_people,
    meeting,
    board,
    wall,
    tracks,
    why,
)

# What an address may name, and whose it is. Each view must still find the thing through its project.
PROJECT_OF: Mapping[str, Callable[[uuid.UUID], uuid.UUID | None]] = {
    "project_id": lambda project_id: project_id,
    "walk_id": walk_queries.project_of,
    "call_id": photo_queries.project_of_call,
    "photo_id": photo_queries.project_of,
    "response_id": walk_queries.project_of_response,
    "meeting_id": meeting_queries.project_of,
    "exhibition_id": exhibition_queries.project_of,
    "participant_id": people_queries.project_of,
    "export_id": export_queries.project_of,
}


def init_routes(app: Flask) -> None:
    """All pages, each behind its door."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    doors.guard(app, Keeper())


class Keeper:
    """Answers the doors' questions from the features' own queries."""

    def participant(self) -> Any | None:
        token = remembered()
        return people_queries.participant_by_cookie(token) if token else None

    def phone(self) -> Any | None:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not token:
            return None
        found = people_queries.participant_by_token(token)
        if found is None and people_queries.token_is_gone(token):
            abort(410)
        return found

    def organiser(self) -> Any | None:
        token = session.get("login")
        return people_queries.organiser_by_login(token) if token else None

    def may_touch(self, participant: uuid.UUID, args: Mapping[str, Any]) -> bool:
        if "photo_id" in args and photo_queries.author_of(args["photo_id"]) != participant:
            return False
        if "call_id" in args and not photo_queries.joined_call(participant, args["call_id"]):
            return False
        return "walk_id" not in args or walk_queries.joined(participant, args["walk_id"])

    def role(self, organiser: uuid.UUID, args: Mapping[str, Any]) -> Role | None:
        """The organiser's role in the project of everything that the address names; None if they disagree."""
        projects = {find(args[name]) for name, find in PROJECT_OF.items() if name in args}
        if len(projects) != 1 or (project_id := projects.pop()) is None:
            return None
        return project_queries.role_in(organiser, project_id)
