"""Taking back, after it was asked for: a photo with its bytes, a person with everything.

Rows and notes say what is missing, so that whatever a crash cut off is found and done again.
"""

import shutil
import sqlite3
import uuid
from collections.abc import Callable
from pathlib import Path

import structlog
from flask import current_app

from webapp.config import Settings
from webapp.consent import changes as consent_changes
from webapp.consent import queries as consent_queries
from webapp.database import db, transaction, wipe
from webapp.jobs import Job, job, renew, sweep
from webapp.mark import N_
from webapp.people import changes as people_changes
from webapp.people import queries as people_queries
from webapp.people.rules import fingerprint
from webapp.photo import changes as photo_changes
from webapp.photo import locating
from webapp.photo import queries as photo_queries
from webapp.photo import uploads as photo_uploads
from webapp.photo.jobs import process
from webapp.project import changes as project_changes
from webapp.storage import Store
from webapp.upkeep import changes, check, ledger
from webapp.upkeep.rules import Certificate, Fault, Finding

log = structlog.get_logger()
TAKEN_BACK = N_("Somebody in a photo took back what they had signed")
HELD_BACK = N_("A photo held back: a backup brought it back as it was before it was painted over")
_followers: list[Callable[[], None]] = []


def afterwards(act: Callable[[], None]) -> Callable[[], None]:
    """Registers what must follow at once when something was taken back: features above this one keep files, too."""
    _followers.append(act)
    return act


def take_back_photo(participant_id: uuid.UUID, photo_id: uuid.UUID) -> bool:
    """Takes back one photo and deletes what nobody else sent; False where this person has no such photo."""
    store = _store()
    with store.forgetting():
        with transaction():
            photo = photo_queries.photo(photo_id)
            if photo is None or photo.participant_id != participant_id:
                return False
            partial = [each.file for each in photo_queries.uploads_of(participant_id) if each.photo_id == photo_id]
            lone = changes.withdraw_photo(photo)
            store.doom(lone)
            for name in partial:
                store.drop_partial(name)
        for sha256 in lone:
            store.forget(sha256)
    forget_orphans()  # what earlier revisions of it had shown
    follow()
    return True


def delete_way(participant_id: uuid.UUID, recording_id: uuid.UUID) -> bool:
    """Deletes what a person's phones recorded of their way on that walk; False where it is somebody else's."""
    with transaction():
        gone = locating.delete_recording(participant_id, recording_id)
        # Before the commit, as of erasures: what is noted and still there goes at the next start.
        ledger.note_ways(_home(), [fingerprint(str(each)) for each in gone])
    return bool(gone)


def erase_now(participant_id: uuid.UUID) -> Certificate | None:
    """Everything of one person: rows, files, queued work. None where there is no such person (any more).

    They are closed first, so that nobody sees anything of theirs whatever happens then. The database's files still
    hold deleted bytes until `wipe_now`.
    """
    with transaction():
        person = people_queries.participant(participant_id)
        if person is None:
            return None
        people_changes.leave(person)
    store = _store()
    with store.forgetting():
        with transaction():
            person = people_queries.participant(participant_id)
            if person is None:  # somebody else was faster
                return None
            erased = changes.erase(person)
            ledger.write(_home(), erased.certificate.as_entry())
            store.doom(erased.originals)
            for name in erased.partial:  # before the commit: nobody can go on with them, whatever happens
                store.drop_partial(name)
        for sha256 in erased.originals:
            store.forget(sha256)
    forget_orphans()
    follow()
    log.info("person_erased", number=erased.certificate.number)
    return erased.certificate


def follow() -> None:
    """Lets those know who keep files of what may not leave any more."""
    for act in _followers:
        act()


def forget_orphans() -> int:
    """Deletes originals, with what was made of them, that nothing refers to; returns how many.

    So are pictures that a later revision of their photo replaced, and files whose commit failed. While `forgetting`
    is held nobody is between the two, so the age of a file does not matter. Damaged ones stay while a record waits
    for the right ones.
    """
    store = _store()
    with store.forgetting():
        db.session.rollback()
        lone = check.orphans(store)
        if lone:
            with transaction():
                lone = set(photo_changes.forget_pictures(lone))
            for sha256 in lone:
                store.forget(sha256)
    return len(lone)


def repair(finding: Finding) -> None:
    """Does what is safe, and notes in the finding what was done: nothing goes of which there is no other."""
    act = {
        Fault.LOST: _want_again,
        Fault.DAMAGED: _want_again,
        Fault.UPLOAD: _begin_again,
        Fault.SIZES: _make_again,
        Fault.ORPHAN: _drop_orphans,
        Fault.LEFTOVER: _sweep,
    }.get(finding.fault)
    if act:
        finding.repaired = act(finding.subject)


def _want_again(sha256: str) -> str:
    """Notes that the bytes have not come: phones that still have them send them again."""
    store = _store()
    with store.forgetting():
        db.session.rollback()
        uploads = photo_uploads.all_whole(sha256)
        if check.is_whole(store, sha256):  # they came in this moment
            return "It has come meanwhile."
        store.set_aside(sha256)
        visible = bool(sizes := check.sizes_of(sha256)) and store.has_derived(sha256, sizes)
        with transaction():
            photo_changes.lose(sha256, visible)
        for upload in uploads:
            _restart(upload)
    return "It is marked as not received: a phone that still has it may send it again."


def _begin_again(upload_id: str) -> str:
    for upload in photo_uploads.all_under_way():
        if str(upload.id) == upload_id:
            _restart(upload)
    return "The phone sends it from the beginning."


def _restart(upload: photo_uploads.Underway) -> None:
    store = _store()
    file = store.begin_partial()
    store.settle_partial()
    try:
        with transaction():
            photo_uploads.restart(upload, file)
    except photo_uploads.Lost:  # the phone was quicker
        store.drop_partial(file)


def _make_again(sha256: str) -> str:
    if not check.is_whole(_store(), sha256):
        return ""
    process(sha256)
    sizes = check.sizes_of(sha256)
    return "They were made again." if sizes and _store().has_derived(sha256, sizes) else ""


def _drop_orphans(_sha256: str) -> str:
    forget_orphans()
    return "It was taken away: nobody was ever told that it is here, or it was to go."


def _sweep(_name: str) -> str:
    store = _store()
    store.sweep()
    for folders in check.unfinished_restore(store).values():
        for folder in folders:
            shutil.rmtree(folder)
    db.session.rollback()
    store.sweep_partial(photo_uploads.files_under_way)
    return "It was taken away."


def catch_up() -> tuple[int, int]:
    """In a backup that came back: erases who was erased since, and notes what is not here. How many people, and how
    many originals that rows name are lost."""
    erased = erase_listed()
    hold_painted_back()
    take_back_listed()
    delete_listed_ways()
    forget_orphans()
    for upload in check.stuck_uploads(_store()):
        _restart(upload)
    renew()
    if not wipe_now():
        raise sqlite3.OperationalError("it is open elsewhere")
    lost = check.lost(_store())
    db.session.rollback()
    return erased, len(lost)


def wipe_now() -> bool:
    """Takes what was erased out of the queue and the database's files, too; False where others read for too long."""
    notes = ledger.owed(_home())
    if notes:
        renew()  # what waits in the queue names what was erased
        if not wipe():
            return False
    ledger.paid(notes)
    return True


def erase_listed() -> int:
    """Erases again who stands in the ledger, after an old backup came back; returns how many."""
    gone = {print_ for entry in ledger.read(_home()) for print_ in entry["gone"]}
    back = [each for each in people_queries.everybody() if fingerprint(str(each)) in gone]
    db.session.rollback()
    return sum(erase_now(each) is not None for each in back)


def delete_listed_ways() -> int:
    """Recorded ways that were deleted, and came back with an old backup, are deleted again; returns how many."""
    gone = ledger.ways(_home())
    back = [(each.participant_id, each.id) for each in photo_queries.all_recordings()] if gone else []
    back = [(person, id_) for person, id_ in back if fingerprint(str(id_)) in gone]
    db.session.rollback()
    for person, id_ in back:
        with transaction():
            locating.delete_recording(person, id_)
    return len(back)


def hold_painted_back() -> int:
    """Photos that were painted over, and came back with an old backup as they were before, are shown to nobody until
    somebody has painted them over again; returns how many."""
    times = ledger.painted(_home())
    if not times:
        return 0
    known = {fingerprint(str(id_)): (id_, number) for id_, number in photo_queries.painted_numbers()}
    back = [(*known[each], number) for each, number in times.items() if each in known and known[each][1] < number]
    db.session.rollback()
    for photo_id, _, number in back:
        with transaction():
            if (photo := photo_queries.photo(photo_id)) and not photo.withdrawn:
                photo_changes.hold_back(photo, number)
                project_changes.note_act(photo.project_id, None, HELD_BACK, str(photo.number))
    if back:
        log.warning("painted_photos_held_back", photos=len(back))
        follow()
    return len(back)


def take_release_back(release_id: uuid.UUID) -> bool:
    """Somebody who can be recognised in a photo does not agree any more: it stays inside from now on, and files that
    have it in them go. False where there is no such release (any more)."""
    with transaction():
        row = consent_queries.release(release_id)
        if row is None:
            return False
        if row.withdrawn is None:
            ledger.note_taken_back(_home(), fingerprint(str(release_id)))
            consent_changes.take_release_back(row)
            if photo := photo_queries.photo(row.photo_id):
                project_changes.note_act(photo.project_id, None, TAKEN_BACK, str(photo.number))
    follow()
    return True


def take_back_listed() -> int:
    """Takes releases back again that stand in the ledger, after an old backup came back; returns how many."""
    listed = ledger.taken_back(_home())
    back = (
        [each for each in consent_queries.standing_releases() if fingerprint(str(each)) in listed] if listed else []
    )
    db.session.rollback()
    for release_id in back:
        with transaction():
            if row := consent_queries.release(release_id):
                consent_changes.take_release_back(row)
    if back:
        log.warning("releases_taken_back_again", releases=len(back))
        follow()
    return len(back)


@job
def erase_person(participant_id: str) -> None:
    """Everything of somebody who has taken everything back."""
    erase_now(uuid.UUID(participant_id))
    wipe_now()


@job
def forget_lone(sha256: str) -> None:
    """Bytes that were let go, unless somebody needs them. Should this be lost, the next start finds them."""
    store = _store()
    with store.forgetting():
        db.session.rollback()
        if not photo_queries.referred(sha256):
            store.forget(sha256)


@job
def wipe_database(_number: str) -> None:
    """What an erasure left in the database's files."""
    wipe_now()


@sweep
def find_unfinished(starting: bool) -> list[tuple[Job, str]]:
    """Who is leaving and still here; wipes that are owed; bytes that were to be deleted."""
    store = _store()
    if starting:
        erase_listed()
        hold_painted_back()
        take_back_listed()
        delete_listed_ways()
        forget_orphans()
    if store.doomed():
        with store.forgetting():
            db.session.rollback()
            for sha256 in store.doomed():
                (store.spare if photo_queries.referred(sha256) else store.forget)(sha256)
    jobs: list[tuple[Job, str]] = [(erase_person, str(each)) for each in people_queries.all_leaving()]
    return jobs or [(wipe_database, note.name) for note in ledger.owed(_home())[:1]]


def _store() -> Store:
    store: Store = current_app.extensions["store"]
    return store


def _home() -> Path:
    settings: Settings = current_app.extensions["settings"]
    return settings.home
