"""The phone's API, JSON under /api/v1: joining, records and their receipts, what to fetch, taking back."""

import json
import uuid
from datetime import UTC
from typing import Any

from flask import Blueprint, Response, abort, current_app, g, jsonify, request, send_file, url_for
from werkzeug.exceptions import NotFound

from webapp.config import VERSION, Settings
from webapp.consent import queries as consent_queries
from webapp.consent.rules import Exit
from webapp.database import after_commit, transaction
from webapp.doors import anybody, phone
from webapp.jobs import later
from webapp.join import changes as join_changes
from webapp.join import queries as join_queries
from webapp.join.queries import Place
from webapp.mark import N_
from webapp.people import changes as people_changes
from webapp.people import queries as people_queries
from webapp.people.rules import RECOVERY_HANDLE, Tried, recovery_code, tidy_code
from webapp.phone.render import app_page, release_pages, side_page, start_page
from webapp.photo import exits
from webapp.photo import queries as photo_queries
from webapp.photo.jobs import process_picture
from webapp.project import queries as project_queries
from webapp.records.changes import TooMany
from webapp.records.rules import Receipt
from webapp.shell.assets import STATIC, built_file, built_with
from webapp.shell.errors import KEEPS_NOTHING, NO_SUCH_CODE, Saying, answer, wait
from webapp.shell.pressed import squeeze
from webapp.sync import changes, queries, shapes
from webapp.sync.openapi import Operation, describe, document
from webapp.sync.reading import Refused, read, wrong
from webapp.upkeep.jobs import delete_way, erase_person, follow, forget_lone, take_back_photo
from webapp.walk import queries as walk_queries
from webapp.words import LANGUAGES, offered_languages, words_address, words_json

api = Blueprint("api", __name__, url_prefix="/api/v1")
NO_SUCH_RECOVERY = Saying(
    N_("We do not know this recovery code"), N_("Look at it once more, letter by letter, and try again.")
)
OTHER_PROJECT = Saying(
    N_("This belongs to another project"), N_("Join it without the token, as a new participant of that project.")
)
ENOUGH = Saying(
    N_("This record has been changed too often"), N_("Nothing was lost of what came before. Begin a new record.")
)
WRONG_KEY = Saying(N_("This participant has another key"), N_("Use your token, or your recovery code."))
ICONS = ("favicon.svg",)
CSS = "static/css/phone.css"  # what every page of a participant needs
RELEASE, RELEASE_CSS = "static/src/phone/release.ts", "static/css/release.css"  # what a walk can begin without
APP, START = "static/src/phone/app.ts", "static/src/phone/start.ts"
SHRINKER = "static/src/photo/shrinker.ts"
PAINT_CSS = "static/css/paint.css"
PAINT, BURNER = "static/src/paint/phone.ts", "static/src/paint/burner.ts"
WAY = "static/src/phone/way.ts"  # the app fetches it itself, once it is ready


@api.errorhandler(Refused)
def refused(error: Refused) -> Response:
    return answer(error.status, error.saying, error.listed)


@api.errorhandler(TooMany)
def too_many(error: TooMany) -> Response:
    return answer(429, ENOUGH)


@api.get("/openapi.json")
@anybody
@describe(Operation("This description", file="application/json"))
def openapi() -> Response:
    return jsonify(document(current_app._get_current_object(), VERSION))  # type: ignore[attr-defined]


@api.get("/join/<code>")
@anybody
@describe(Operation("What joining by a code asks", gives=shapes.Cover, query={"language": "of the texts"}))
def cover(code: str) -> Response:
    place = join_queries.place_by_code(code)
    if place is None:
        return answer(404, NO_SUCH_CODE)
    return jsonify(queries.cover(place, _language(offered_languages()[0].code)))


@api.post("/join")
@anybody
@describe(Operation("Join a walk or call; the same again gives the same", shapes.Join, shapes.Joined))
def join() -> Response:
    said = read(request, shapes.Join).said
    token = _bearer()
    person = _by_token(token) if token else None
    place = join_queries.place_by_code(said.code)
    if place is None:
        return answer(404, NO_SUCH_CODE)
    decisions = [
        changes.decision(place.project_id, each, f"consents.{index}.", said.reach)
        for index, each in enumerate(said.consents)
    ]
    try:
        if person:
            with transaction():
                join_changes.join_as(place, people_queries.participant(person.id) or abort(401), decisions)
            known = said.key and people_queries.key_fits(person.id, said.key)
            return _joined(person.id, token, recovery_code(said.key or "", person.id) if known else None, place)
        return _join_anew(said, place, decisions)
    except join_changes.KeepRefused:
        return answer(403, KEEPS_NOTHING)
    except join_changes.OtherProject:
        return answer(403, OTHER_PROJECT)


def _join_anew(said: shapes.Join, place: Place, decisions: list[Any]) -> Response:
    if said.participant is None or said.key is None:
        raise wrong("key" if said.participant else "participant", "Without a token, this field is needed.")
    project = project_queries.project(place.project_id) or abort(404)
    if said.perspective is not None and said.perspective not in {each["id"] for each in project.perspectives}:
        raise wrong("perspective", "This project has no such perspective.")
    if seconds := people_queries.rest(Tried.JOIN, str(said.participant)):
        return wait(seconds)
    newcomer = join_changes.Newcomer(said.participant, said.key, said.language, said.perspective, said.name)
    try:
        with transaction():
            person = join_changes.join(place, newcomer, decisions)
            token = people_changes.admit_device(person, said.key, said.device)
    except people_changes.Erased:
        return answer(410)
    except people_changes.ShutOut:
        return answer(403)
    except people_changes.WrongKey:
        with transaction():
            people_changes.count_failure(Tried.JOIN, str(said.participant))
        return answer(403, WRONG_KEY)
    return _joined(newcomer.id, token, recovery_code(said.key, newcomer.id), place)


def _joined(participant: uuid.UUID, token: str, recovery: str | None, place: Place) -> Response:
    return jsonify(
        participant=str(participant),
        token=token,
        recovery=recovery,
        joined={"kind": place.kind, "id": str(place.id)},
    )


@api.post("/recover")
@anybody
@describe(Operation("A token for this device, by the recovery code", shapes.Recover, shapes.Recovered))
def recover() -> Response:
    said = read(request, shapes.Recover).said
    handle = tidy_code(said.recovery)[:RECOVERY_HANDLE]
    if seconds := people_queries.rest(Tried.RECOVERY, handle):
        return wait(seconds)
    try:
        with transaction():
            found = people_changes.recover(said.recovery, said.device, current_app.config["SECRET_KEY"])
            if found is None:
                people_changes.count_failure(Tried.RECOVERY, handle)
                participant, token = None, ""
            else:
                participant, token = found[0].id, found[1]
    except people_changes.ShutOut:
        return answer(403)
    if participant is None:
        return answer(404, NO_SUCH_RECOVERY)
    joined = [{"kind": kind, "id": str(place)} for kind, place in join_queries.all_joined(participant)]
    return jsonify(participant=str(participant), token=token, joined=joined)


@api.get("/me")
@phone
@describe(Operation("Every record and receipt of this participant", gives=shapes.Me))
def me() -> Response:
    return _private(jsonify(queries.me(g.participant, _bearer())))


@api.delete("/me")
@phone
@describe(Operation("Take everything back: it is closed at once, and erased", status=204))
def leave() -> Response:
    with transaction():
        person = people_queries.participant(g.participant.id) or abort(410)
        person_id = str(person.id)
        people_changes.leave(person)
        after_commit(lambda: later(erase_person, person_id))
    return Response(status=204)


@api.put("/me/held")
@phone
@describe(Operation("Say how many things this phone still holds; hear what is asked for", shapes.Held, shapes.Heard))
def held() -> Response:
    said = read(request, shapes.Held).said
    with transaction():
        if not consent_queries.may_keep(_me().id):
            return answer(403, KEEPS_NOTHING)
        told = people_changes.note_held(_bearer(), said.answers, said.photos)
        asked = [str(each.id) for each in photo_queries.owed_by(g.participant.id) if each.asked]
        words = photo_queries.unanswered_by(g.participant.id)
    return _private(jsonify(told=told.astimezone(UTC).isoformat(timespec="milliseconds"), asked=asked, words=words))


@api.delete("/me/devices/<path:device>")
@phone
@describe(Operation("Shut a device out", gives=shapes.ShutOut))
def shut_out(device: str) -> Response:
    with transaction():
        person = people_queries.participant(g.participant.id) or abort(410)
        recovery = people_changes.shut_out(person, device)
    if recovery is None:
        abort(404)
    return _private(jsonify(recovery=recovery))


@api.put("/consents/<uuid:consent_id>")
@phone
@describe(Operation("Say yes or no; the register only grows", shapes.Consent, shapes.Receipt))
def put_consent(consent_id: uuid.UUID) -> Response:
    sent = read(request, shapes.Consent)
    with transaction():
        return _receipt(changes.put_consent(_me(), consent_id, sent))


@api.put("/releases/<uuid:release_id>")
@phone
@describe(Operation("Somebody in a photo has signed; the register only grows", shapes.Release, shapes.Receipt))
def put_release(release_id: uuid.UUID) -> Response:
    sent = read(request, shapes.Release)
    with transaction():
        receipt = changes.put_release(_me(), release_id, sent)
        after_commit(follow)
        return _receipt(receipt)


@api.put("/responses/<uuid:response_id>")
@phone
@describe(Operation("A filled-in checklist", shapes.Response, shapes.Receipt))
def put_response(response_id: uuid.UUID) -> Response:
    sent = read(request, shapes.Response)
    with transaction():
        receipt, lone = changes.put_response(_me(), response_id, sent)
        for sha256 in lone:
            after_commit(lambda sha256=sha256: later(forget_lone, sha256))  # type: ignore[misc]
        return _receipt(receipt)


@api.get("/responses/<uuid:response_id>")
@phone
@describe(
    Operation("Which recordings of one's own answers have come: the receipts of bytes", gives=shapes.OwnResponse)
)
def own_response(response_id: uuid.UUID) -> Response:
    found = walk_queries.response_by_id(response_id)
    if found is None or found.participant_id != g.participant.id:
        abort(404)
    return _private(jsonify(queries.response_state(found, current_app.extensions["store"])))


@api.put("/photos/<uuid:photo_id>")
@phone
@describe(Operation("A photo's record; its bytes come by /uploads", shapes.Photo, shapes.Receipt))
def put_photo(photo_id: uuid.UUID) -> Response:
    settings: Settings = current_app.extensions["settings"]
    sent = read(request, shapes.Photo)
    with transaction():
        receipt, pictures, lone = changes.put_photo(_me(), photo_id, sent, settings.max_bytes)
        for sha256 in lone:
            after_commit(lambda sha256=sha256: later(forget_lone, sha256))  # type: ignore[misc]
        for sha256 in pictures:
            after_commit(lambda sha256=sha256: later(process_picture, sha256))  # type: ignore[misc]
        return _receipt(receipt)


@api.get("/photos/<uuid:photo_id>")
@phone
@describe(Operation("How far one's own photo is; its parts are the receipts of bytes", gives=shapes.OwnPhoto))
def photo(photo_id: uuid.UUID) -> Response:
    found = _own_photo(photo_id)
    project_id = photo_queries.project_of(photo_id)
    project = project_queries.project(project_id) if project_id else None
    return _private(
        jsonify(
            queries.photo_state(
                found,
                project.zone if project else "UTC",
                current_app.extensions["store"],
                lambda edge: url_for("api.size", photo_id=photo_id, edge=edge, of=(found.sha256 or "")[:16]),
            )
        )
    )


@api.get("/photos/<uuid:photo_id>/<int:edge>")
@phone
@describe(Operation("A size of one's own photo", file="image/jpeg", query={"of": "which picture"}))
def size(photo_id: uuid.UUID, edge: int) -> Response:
    found = _own_photo(photo_id)
    try:
        path = exits.leave(found, Exit.AUTHOR, edge, request.args.get("of", ""))
    except exits.Refused:
        abort(404)
    return _private(send_file(path, mimetype="image/jpeg", conditional=True, etag=f"{found.sha256}-{edge}"))


@api.get("/photos/<uuid:photo_id>/sound")
@phone
@describe(Operation("The spoken caption of one's own photo", file="audio/webm"))
def sound(photo_id: uuid.UUID) -> Response:
    try:
        path, kind = exits.sound(_own_photo(photo_id), Exit.AUTHOR)
    except exits.Refused:
        abort(404)
    return _private(send_file(path, mimetype=kind, conditional=True))


@api.delete("/photos/<uuid:photo_id>")
@phone
@describe(Operation("Take one photo back", status=204))
def withdraw_photo(photo_id: uuid.UUID) -> Response:
    if not take_back_photo(g.participant.id, photo_id):
        abort(404)
    return Response(status=204)


@api.put("/tracks/<uuid:track_id>")
@phone
@describe(Operation("A piece of one's own way, as the phone recorded it", shapes.Track, shapes.Receipt))
def put_track(track_id: uuid.UUID) -> Response:
    sent = read(request, shapes.Track)
    with transaction():
        return _receipt(changes.put_track(_me(), track_id, sent))


@api.get("/tracks/<uuid:track_id>")
@phone
@describe(Operation("Which pieces of one's own way have come", gives=shapes.OwnTrack))
def track(track_id: uuid.UUID) -> Response:
    found = photo_queries.recording(track_id)
    if found is None or found.participant_id != g.participant.id:
        abort(404)
    if found.deleted:
        abort(410)
    return _private(jsonify(queries.track_state(found)))


@api.delete("/tracks/<uuid:track_id>")
@phone
@describe(
    Operation(
        "Delete one's own way of that walk, whichever phone recorded it; later pieces are not taken", status=204
    )
)
def delete_track(track_id: uuid.UUID) -> Response:
    if not delete_way(g.participant.id, track_id):
        abort(404)
    return Response(status=204)


@api.get("/pack/<any(walk, call):kind>/<uuid:place_id>")
@phone
@describe(
    Operation(
        "What to fetch to be ready offline; and what after that",
        gives=shapes.Pack,
        query={"language": "of the texts", "later": "1: what makes nobody wait"},
    )
)
def pack(kind: str, place_id: uuid.UUID) -> Response:
    place, language = _joined_place(kind, place_id), _language(g.participant.language)
    made = queries.pack(_needed(place, language), _later(place, language), "later" in request.args)
    response = _private(squeeze(jsonify(made)))
    response.add_etag()
    response.make_conditional(request)
    return response


def _needed(place: Place, language: str) -> queries.Named:
    scripts = [*built_with(APP, without=[RELEASE, WAY]), *built_with(START), *built_with(SHRINKER, SHRINKER)]
    return [
        *_files([built_file(CSS), *scripts]),
        (words_address(language), words_json(language).encode()),
        *((url_for("shell.icons", name=name), (STATIC / "icons" / name).read_bytes()) for name in ICONS),
        (url_for("phone.start", language=language), start_page(language).data),
        # Last: a page that a phone holds must find the rest there.
        (url_for("phone.app", code=place.row.code, language=language), app_page(place, language).data),
    ]


def _later(place: Place, language: str) -> queries.Named:
    """What somebody in a photo reads and signs, in every language. And painting over, with the words of
    the desk."""
    page = url_for("phone.side", code=place.row.code, language=language, name="paint")
    return [
        *_files([built_file(RELEASE_CSS), *built_with(RELEASE, RELEASE)]),
        *(
            (url_for("phone.side", code=place.row.code, language=code, name="release"), made.data)
            for code, made in release_pages(place).items()
        ),
        *_files([built_file(PAINT_CSS), *built_with(PAINT), *built_with(BURNER, BURNER)]),
        (words_address(language, desk=True), words_json(language, desk=True).encode()),
        (page, side_page(place, language, "paint").data),
    ]


def _files(names: list[str]) -> queries.Named:
    """Built files, each once."""
    return [(url_for("shell.built", name=name), _built(name)) for name in dict.fromkeys(names)]


@api.get("/pack/<any(walk, call):kind>/<uuid:place_id>/content")
@phone
@describe(
    Operation("A walk or call with all that it asks", file="application/json", query={"language": "of the texts"})
)
def content(kind: str, place_id: uuid.UUID) -> Response:
    place, language = _joined_place(kind, place_id), _language(g.participant.language)
    response = _private(Response(_content(place, language), mimetype="application/json"))
    response.add_etag()
    response.make_conditional(request)
    return response


def _content(place: Place, language: str) -> bytes:
    said = queries.content(place, language)
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _built(name: str) -> bytes:
    return (STATIC / "dist" / name).read_bytes()


def _joined_place(kind: str, place_id: uuid.UUID) -> Place:
    place = join_queries.place(kind, place_id)
    if place is None or not join_queries.joined(g.participant.id, place):
        raise NotFound
    return place


def _language(default: str) -> str:
    """The language asked for, of those that this installation speaks."""
    offered = [language.code for language in offered_languages()]
    wanted = request.args.get("language")
    if wanted is None:
        return default if default in offered else offered[0]
    if wanted not in LANGUAGES or wanted not in offered:
        raise wrong("language", f"This installation speaks {', '.join(offered)}.")
    return wanted


def _me() -> Any:
    """The participant, read again inside the transaction: the person may have left meanwhile."""
    person = people_queries.participant(g.participant.id)
    if person is None or person.leaving:
        abort(410)
    return person


def _own_photo(photo_id: uuid.UUID) -> Any:
    found = photo_queries.photo(photo_id)
    if found is None or found.participant_id != g.participant.id:
        abort(404)
    if found.withdrawn:
        abort(410)
    return found


def _by_token(token: str) -> Any:
    found = people_queries.participant_by_token(token)
    if found is None:
        abort(410 if people_queries.token_is_gone(token) else 401)
    return found


def _bearer() -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def _receipt(receipt: Receipt) -> Response:
    return _private(jsonify(receipt.as_json()))


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    return response
