"""Calls, pictures (bytes, and what was made of them), and photos (a picture with its caption and place)."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import Base, Localised, new_id, now
from webapp.photo.rules import Approval, approved, may_hang
from webapp.photo.track import Track
from webapp.records.tables import RevisionRow


class Call(Base):
    """A PhotoVoice call: a prompt, when it is open (instants), and how many photos each may send."""

    __tablename__ = "call"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    project_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("project.id"), index=True)
    title: Mapped[Localised]
    prompt: Mapped[Localised]
    opens: Mapped[datetime]
    closes: Mapped[datetime]
    photos_each: Mapped[int]
    code: Mapped[str] = mapped_column(unique=True)
    no_faces: Mapped[bool] = mapped_column(default=False, server_default="0")
    created: Mapped[datetime] = mapped_column(default=now)


class Caller(Base):
    """Who joined which call."""

    __tablename__ = "caller"
    call_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("call.id"), primary_key=True)
    participant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("participant.id"), primary_key=True, index=True)
    joined: Mapped[datetime] = mapped_column(default=now)


class Picture(Base):
    """An original or a preview, by its SHA-256; the same bytes twice are one. `facts` is `rules.Facts` as JSON.

    The row says what is missing: a picture that is waiting, and not leased by a worker, is to be processed.
    """

    __tablename__ = "picture"
    __table_args__ = (Index("ix_picture_state_leased_until", "state", "leased_until"),)
    sha256: Mapped[str] = mapped_column(primary_key=True)
    bytes: Mapped[int]
    type: Mapped[str]
    state: Mapped[str]
    facts: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    sizes: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    received: Mapped[datetime] = mapped_column(default=now)


class Photo(Base):
    """A picture with its words, of a walk or of a call. The phone makes the id.

    `number` is how people call it, on cards and lists: from 1 in each project, in the order in which photos came,
    never given twice. Pages of many photos go by it.

    `original`, `bytes` and `type` are what its record says of the untouched file; `sha256` is the best picture that
    has come (the original, else a preview), or None while neither has. Positions in degrees, accuracy in metres:
    `pin_*` and `fix_*` are what a person and a phone said, and the chosen place is worked out from all candidates.
    `taken` is the phone's word, as it came. `revision`, `device` and `record_sha256` are those of the revision that
    counts. A withdrawn photo keeps its row and nothing that it said or showed.

    `look` is `rules.Look`; `painted` counts how often the picture was painted over, the newest `Redaction.number`.

    `plain` is the captions as `rules.plain` makes them, for searching; `whole`: the original has come. Both follow
    from the rest, and stand here so that pages of many photos need not work them out. So do `clock`, the seconds by
    which its camera's clock is put right, and `track_*`, where a track of the walk was then (`photo.locating`).
    """

    __tablename__ = "photo"
    __table_args__ = (
        Index("ix_photo_walk_id_number", "walk_id", "number"),
        Index("ix_photo_call_id_number", "call_id", "number"),
        Index("ix_photo_stop_id_number", "stop_id", "number"),
        Index("ix_photo_participant_id_number", "participant_id", "number"),
        CheckConstraint("(walk_id is null) <> (call_id is null)", name="walk_or_call"),
        UniqueConstraint("project_id", "number"),
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    project_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("project.id"))
    number: Mapped[int]
    participant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("participant.id"))
    walk_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("walk.id"))
    call_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("call.id"))
    stop_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stop.id"))
    original: Mapped[str]
    bytes: Mapped[int]
    type: Mapped[str]
    sha256: Mapped[str | None] = mapped_column(ForeignKey("picture.sha256"), index=True)
    whole: Mapped[bool] = mapped_column(default=False, server_default="0")
    caption: Mapped[Localised]
    plain: Mapped[str] = mapped_column(default="", server_default="")
    story: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    up: Mapped[bool]
    down: Mapped[bool]
    themes: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    people: Mapped[str]
    look: Mapped[str] = mapped_column(default="", server_default="")
    painted: Mapped[int] = mapped_column(default=0, server_default="0")
    credit: Mapped[str] = mapped_column(default="anonymous", server_default="anonymous")
    credit_as: Mapped[str | None]
    star: Mapped[bool] = mapped_column(default=False, server_default="0")
    taken: Mapped[str | None]
    late: Mapped[bool] = mapped_column(default=False, server_default="0")
    revision: Mapped[int]
    device: Mapped[str]
    record_sha256: Mapped[str]
    pin_lat: Mapped[float | None]
    pin_lon: Mapped[float | None]
    fix_lat: Mapped[float | None]
    fix_lon: Mapped[float | None]
    fix_accuracy: Mapped[float | None]
    fix_at: Mapped[datetime | None]
    clock: Mapped[float | None]
    track_lat: Mapped[float | None]
    track_lon: Mapped[float | None]
    track_accuracy: Mapped[float | None]
    track_gap: Mapped[float | None]
    received: Mapped[datetime] = mapped_column(default=now)
    withdrawn: Mapped[datetime | None]
    picture: Mapped[Picture | None] = relationship(lazy="joined")
    ask: Mapped["OriginalAsk | None"] = relationship(lazy="joined", viewonly=True)
    parts: Mapped[list["Part"]] = relationship(lazy="selectin", viewonly=True)
    wordings: Mapped[list["Wording"]] = relationship(lazy="selectin", viewonly=True, order_by="Wording.language")

    @property
    def words(self) -> Localised:
        """What may leave or hang beside the picture; `caption` is what its author wrote."""
        return may_hang(self.caption, self.wordings)

    @property
    def approved(self) -> Localised:
        """Those of the words that an organiser wrote."""
        return approved(self.caption, self.wordings)

    @property
    def unanswered(self) -> list["Wording"]:
        """An organiser's words that wait for the author."""
        return [
            each for each in self.wordings if each.state != Approval.REFUSED and each.language not in self.approved
        ]


class WalkTrack(Base):
    """A recorded track of a walk. An organiser brought it; whoever carried the receiver may be one of the
    participants, and then it is theirs: their no to keeping ends its use, and it is erased with them. Or it is
    `recorded`: made of the pieces that a participant's phones sent, one for each person and walk.

    `packed` is a `track.Track`, `sha256` that of it, so that the same track is here once (of a recorded one, with the
    person's id before it: two may walk the same way); `found` a `TrackFound`.
    """

    __tablename__ = "track"
    __table_args__ = (UniqueConstraint("walk_id", "sha256"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    walk_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("walk.id"))
    organiser_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organiser.id"))
    participant_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("participant.id"), index=True)
    name: Mapped[str]
    packed: Mapped[bytes] = mapped_column(deferred=True)
    sha256: Mapped[str]
    points: Mapped[int]
    starts: Mapped[datetime]
    ends: Mapped[datetime]
    found: Mapped[dict[str, Any]]
    brought: Mapped[datetime] = mapped_column(default=now)
    recorded: Mapped[bool] = mapped_column(default=False)

    @property
    def track(self) -> Track:
        return Track.unpack(self.packed)


class Recording(Base):
    """A phone records the way of one person on one walk, after they said so (`agreed`); the phone made the id.

    Once `deleted` it takes nothing any more: a piece may be on its way longer than the deletion. One of which nothing
    had come by then belongs to no walk.
    """

    __tablename__ = "recording"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("participant.id"), index=True)
    walk_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("walk.id"))
    agreed: Mapped[datetime | None]
    deleted: Mapped[datetime | None]
    pieces: Mapped[list["RecordedPiece"]] = relationship(viewonly=True, order_by="RecordedPiece.number")


class RecordedPiece(Base):
    """That a piece of a recording has come: its receipt. Its points are in the person's track."""

    __tablename__ = "recorded_piece"
    recording_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("recording.id", ondelete="CASCADE"), primary_key=True)
    sha256: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]
    received: Mapped[datetime] = mapped_column(default=now)


class CameraClock(Base):
    """By how many seconds one person's camera is put right, as `photo_id` showed a clock and an organiser read it.

    `camera` is make and model, as `Facts.camera` has them.
    """

    __tablename__ = "camera_clock"
    participant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("participant.id"), primary_key=True)
    camera: Mapped[str] = mapped_column(primary_key=True)
    seconds: Mapped[float]
    photo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("photo.id"))
    organiser_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organiser.id"))
    at: Mapped[datetime] = mapped_column(default=now)


class Wording(Base):
    """An organiser's words for a photo's label in one language: a translation, or an edited caption.

    It is beside what the author wrote, and neither ever overwrites the other. `made_of` is `rules.caption_print` of
    the author's words at the time; `decided` is when the author said yes or no, `witness_id` the organiser who noted
    what was said in person.
    """

    __tablename__ = "wording"
    photo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("photo.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    words: Mapped[str]
    organiser_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organiser.id"))
    written: Mapped[datetime] = mapped_column(default=now)
    made_of: Mapped[str]
    state: Mapped[str]
    decided: Mapped[datetime | None]
    witness_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organiser.id"))
    revision: Mapped[int]


class OriginalAsk(Base):
    """The organisers ask for a photo's original: who, and since when. It is open until the original has come, and
    stays, so that one sees what was asked for."""

    __tablename__ = "original_ask"
    photo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("photo.id", ondelete="CASCADE"), primary_key=True)
    organiser_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organiser.id"))
    at: Mapped[datetime] = mapped_column(default=now)


class ToldApart(Base):
    """Two photos that look alike, and of which an organiser has said that they are different. `one_id` is the photo
    with the smaller number."""

    __tablename__ = "told_apart"
    one_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("photo.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("photo.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    organiser_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organiser.id"))
    at: Mapped[datetime] = mapped_column(default=now)


class PhotoRevision(RevisionRow, Base):
    """Everything that ever arrived for a photo, as it came."""

    __tablename__ = "photo_revision"
    __table_args__ = (UniqueConstraint("record_id", "sha256"),)
    record_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("photo.id"))


class Part(Base):
    """Bytes that belong to a photo (preview, original, sound) or to a response (sound), and lie in the store."""

    __tablename__ = "part"
    __table_args__ = (UniqueConstraint("photo_id", "name"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    photo_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("photo.id"))
    response_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("response.id"), index=True)
    name: Mapped[str]
    sha256: Mapped[str] = mapped_column(index=True)
    bytes: Mapped[int]
    received: Mapped[datetime] = mapped_column(default=now)


class Redaction(Base):
    """What was painted over in a photo, by whom: each time a new row, never changed. The newest counts.

    `regions` are `regions.Region` as JSON; `made_of` is the SHA-256 of the picture that was painted over, and `clear`
    says that nobody can be recognised in it any more, as its organiser stated. One without an organiser was held back
    after a restore, and shows nothing until somebody paints it over again.
    """

    __tablename__ = "redaction"
    __table_args__ = (UniqueConstraint("photo_id", "number"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    photo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("photo.id"))
    number: Mapped[int]
    organiser_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organiser.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    style: Mapped[str]
    regions: Mapped[list[Any]] = mapped_column(JSON)
    made_of: Mapped[str | None]
    clear: Mapped[bool]


class Sealed(Base):
    """Bytes of a photo that was painted over, as they were before: for the owner only, until they are destroyed.

    It is no `Part`, so that whatever shows or gives out a photo's parts cannot come upon it.
    """

    __tablename__ = "sealed"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    photo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("photo.id"), index=True)
    name: Mapped[str]
    sha256: Mapped[str] = mapped_column(index=True)
    bytes: Mapped[int]
    received: Mapped[datetime]
    until: Mapped[datetime] = mapped_column(index=True)
    destroyed: Mapped[datetime | None]


class Upload(Base):
    """Bytes on their way, by the tus protocol, or come and waiting for the record that names them.

    `photo_id`, `part` and `claimed` (a SHA-256) are what the client said when it began; `said` is all of it, as it
    came, because it may ask for that again. `file` is the name of the
    file that grows; whoever takes over an upload that another request still holds goes on in a file of another name.
    `sha256` and `finished` are set once all bytes lie in the store. Nothing refers to an upload: what a record names
    becomes a `Part`, and the rest expires.
    """

    __tablename__ = "upload"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    participant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("participant.id"), index=True)
    photo_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    part: Mapped[str | None]
    claimed: Mapped[str | None]
    said: Mapped[str] = mapped_column(default="")
    length: Mapped[int]
    offset: Mapped[int] = mapped_column(default=0)
    file: Mapped[str]
    sha256: Mapped[str | None] = mapped_column(index=True)
    finished: Mapped[datetime | None]
    expires: Mapped[datetime] = mapped_column(index=True)
    created: Mapped[datetime] = mapped_column(default=now)


class Download(Base):
    """Who took originals away, of which walk or call, and how many."""

    __tablename__ = "download"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    organiser_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organiser.id"))
    walk_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("walk.id"))
    call_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("call.id"))
    photos: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=now)
