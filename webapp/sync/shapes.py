"""What phones send and get, as strict shapes: an unknown field is refused by name, never dropped in silence."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from webapp.consent.rules import Method, Purpose
from webapp.people.rules import COOKIE_DEVICE
from webapp.photo.rules import Credit, PartName, People, PhotoState, PlaceSource, TimeSource
from webapp.records.rules import PLAIN

COUNT = 2**53 - 1  # the largest whole number that every JSON reader knows


def _without_nul(text: str) -> str:
    return text.replace("\0", "")


def _in_utc(moment: datetime) -> datetime:
    """A phone's clock is stored, not believed; one that names no zone is taken as UTC."""
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError as error:
        raise ValueError("too far from now") from error


def _free_name(name: str) -> str:
    if name.casefold() == PLAIN or name.casefold().startswith(COOKIE_DEVICE):
        raise ValueError("this name is taken by the pages without scripts")
    if name.startswith("/") or name in (".", ".."):
        raise ValueError("no address could be made of this name")
    return name


Line = Annotated[str, Field(max_length=200), AfterValidator(_without_nul)]
Words = Annotated[str, Field(max_length=5000), AfterValidator(_without_nul)]
Caption = Annotated[str, Field(max_length=1000), AfterValidator(_without_nul)]
Remark = Annotated[str, Field(max_length=2000), AfterValidator(_without_nul)]
Name = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f]*$")]
Moment = Annotated[datetime, AfterValidator(_in_utc)]
Language = Annotated[str, Field(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$", max_length=35)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Device = Annotated[
    Name,
    AfterValidator(_free_name),
    Field(json_schema_extra={"not": {"pattern": r"^([Pp][Ll][Aa][Ii][Nn](:|$)|/|\.\.?$)"}}),
]
Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/_=-]{43,128}$", description="256 random bits, as hex or base64")]
Number = Annotated[int, Field(ge=1, le=COUNT)]
Count = Annotated[int, Field(ge=0, le=COUNT)]
Few = Annotated[int, Field(ge=0, le=100_000)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Metres = Annotated[float, Field(ge=0)]


class Shape(BaseModel):
    """What phones send: exactly these fields, with exactly these types."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class Given(BaseModel):
    """What phones get. Later versions may add fields, so readers pass over what they do not know."""


# --- what phones send


class Consented(Shape):
    purpose: Purpose
    yes: bool
    text: Annotated[UUID, Field(description="the id of the version of the text that was shown")]
    language: Annotated[Language, Field(description="the language it was shown in")]
    at: Moment


class Join(Shape):
    participant: Annotated[UUID | None, Field(description="made by the phone; may be left out with a token")] = None
    key: Key | None = None
    device: Device
    code: Annotated[str, Field(min_length=1, max_length=64)]
    language: Language
    perspective: Name | None = None
    name: Line | None = None
    reach: Annotated[
        Line | None,
        Field(description="where to contact this person; kept only with a yes to contact, and while it holds"),
    ] = None
    consents: Annotated[list[Consented], Field(max_length=100)] = []


class Recover(Shape):
    recovery: Annotated[str, Field(min_length=1, max_length=64)]
    device: Device


class Consent(Consented):
    method: Method
    photo: UUID | None = None
    reach: Annotated[
        Line | None, Field(description="with a yes to contact: where; nothing forgets what was written before")
    ] = None


class AnswerTo(Shape):
    """One question's answer."""

    value: Any = None
    cant_tell: bool = False
    remark: Remark | None = None
    photos: Annotated[list[UUID], Field(max_length=50)] = []
    sound: Annotated[Sha256 | None, Field(description="the SHA-256 of an upload with part sound")] = None


class Record(Shape):
    device: Device
    sequence: Annotated[Count, Field(description="the device's own counter")]
    revision: Number
    base: Annotated[Number | None, Field(description="the revision that this one was made from")] = None

    @model_validator(mode="after")
    def _goes_on(self) -> Self:
        if self.base is not None and self.base >= self.revision:
            raise ValueError("revision must be greater than base")
        return self


class Response(Record):
    walk: UUID
    stop: UUID | None = None
    checklist: Name
    version: Number
    language: Language
    people: Annotated[int, Field(ge=1, le=1000, description="for how many people it speaks")] = 1
    answers: Annotated[dict[Name, AnswerTo], Field(max_length=500)]
    started: Moment
    finished: Moment | None = None


class Story(Shape):
    """The SHOWeD questions."""

    see: Words | None = None
    happening: Words | None = None
    lives: Words | None = None
    why: Words | None = None
    empower: Words | None = None


class Fix(Shape):
    lat: Latitude
    lon: Longitude
    accuracy: Metres | None = None
    at: Moment | None = None


class Pin(Shape):
    lat: Latitude
    lon: Longitude


class Photo(Record):
    walk: UUID | None = None
    call: UUID | None = None
    stop: UUID | None = None
    caption: Annotated[dict[Language, Caption], Field(max_length=20)]
    story: Story | None = None
    light: Annotated[list[Literal["up", "down"]], Field(max_length=2)]
    themes: Annotated[list[Name], Field(max_length=50)]
    people: People
    credit: Credit
    credit_as: Line | None = None
    star: bool = False
    taken: Moment | None = None
    fix: Fix | None = None
    pin: Pin | None = None
    sha256: Sha256
    bytes: Number
    type: Annotated[str, Field(pattern=r"^[a-z]+/[a-zA-Z0-9.+-]+$", max_length=100)]

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.walk is None) == (self.call is None):
            raise ValueError("a photo belongs to a walk or to a call")
        if self.call and self.stop:
            raise ValueError("a call has no stops")
        return self


class Held(Shape):
    """What a phone still holds of this participant; nothing but how many."""

    answers: Annotated[Few, Field(description="checklists and choices of which something has no receipt yet")]
    photos: Annotated[
        Few, Field(description="the same of photos; an original whose preview was received does not count")
    ]


# --- what phones get


class Place(Given):
    kind: Literal["walk", "call"]
    id: UUID


class Joined(Given):
    participant: UUID
    token: str
    recovery: Annotated[str | None, Field(description="null where only the key could tell it, and none was sent")]
    joined: Place


class Recovered(Given):
    participant: UUID
    token: str
    joined: list[Place]


class ShutOut(Given):
    recovery: Annotated[str, Field(description="the new code; the device that was shut out knew the old one")]


class Receipt(Given):
    id: UUID
    revision: int
    sha256: Annotated[str, Field(description="of the request's body; an older revision gets the newer one's receipt")]
    received: datetime
    kept: Annotated[
        Literal["version"] | None,
        Field(description="version: made elsewhere at the same time, and kept beside the one that counts"),
    ] = None


class Part(Given):
    sha256: str
    bytes: int
    received: datetime


class OwnResponse(Given):
    id: UUID
    sounds: Annotated[
        dict[str, Part], Field(description="question -> the recording that its answer names, once here")
    ]


class Where(Given):
    lat: float
    lon: float
    accuracy: float | None
    source: PlaceSource
    gap: Annotated[
        float | None, Field(description="of a track: seconds to its nearest point; absent where there is none")
    ] = None


class When(Given):
    local: str | None
    offset: str | None
    utc: str | None
    source: TimeSource


class OwnPhoto(Given):
    id: UUID
    state: PhotoState
    reason: str | None
    parts: dict[PartName, Part]
    place: Where | None
    taken: When | None
    sizes: Annotated[dict[str, str], Field(description="long edge in pixels -> address; it wants the token, too")]
    late: bool


class Kept(Given):
    id: UUID
    record: dict[str, Any]
    receipt: Receipt


class MyConsent(Given):
    id: UUID
    purpose: Purpose
    yes: bool
    text: UUID
    language: str
    at: datetime
    method: Method
    photo: UUID | None
    received: datetime


class Withdrawn(Given):
    id: UUID
    withdrawn: datetime


class Told(Given):
    told: Annotated[datetime, Field(description="by the server's clock")]


class HeldThen(Told):
    answers: int
    photos: int


class Heard(Told):
    asked: Annotated[
        list[UUID],
        Field(description="photos whose originals the organisers ask for; each goes when its owner lets it"),
    ]
    words: Annotated[int, Field(description="photos to which organisers wrote words that wait for their author")]


class MyDevice(Given):
    name: str
    since: datetime
    this: bool
    held: Annotated[HeldThen | None, Field(description="what it last said that it holds")]


class Me(Given):
    participant: UUID
    language: str
    perspective: str | None
    name: str | None
    reach: Annotated[str | None, Field(description="where this person may be contacted")]
    joined: list[Place]
    devices: list[MyDevice]
    consents: list[MyConsent]
    responses: list[Kept]
    photos: list[Kept]
    withdrawn: list[Withdrawn]


class Item(Given):
    address: str
    sha256: str
    bytes: int


class Pack(Given):
    version: str
    items: list[Item]
    later: list[str]


class Text(Given):
    id: UUID
    purpose: Purpose
    version: int
    title: str
    detail: str
    language: str


class Cover(Given):
    """What joining by a code asks and says."""

    joined: Place
    project: UUID
    title: str
    language: str
    languages: list[str]
    perspectives: list[dict[str, str]]
    texts: list[Text]
    notice: str | None


class Wrong(Given):
    where: str
    what: str


class Problem(Given):
    """RFC 9457."""

    type: str
    status: int
    title: str
    detail: str
    errors: list[Wrong] | None = None
