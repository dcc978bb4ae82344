"""From a request's body to a shape, or to a refusal that says what is wrong and where."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import Request
from pydantic import BaseModel, ValidationError

from webapp.mark import N_
from webapp.shell.errors import Saying
from webapp.shell.request import waiting_for_body

Shape = TypeVar("Shape", bound=BaseModel)
LARGEST = 200_000  # bytes of one record: every revision is kept as it came
WRONG = Saying(N_("Something in this record is not right"), N_("Nothing was stored of it. What and where is listed."))
# What pydantic says is for programmers; where there is a plainer word, it is said instead.
PLAINER = {
    "extra_forbidden": "This field is not known.",
    "missing": "This field is missing.",
    "json_invalid": "This is not JSON.",
}


class Refused(Exception):
    """The request is refused, and nothing of it stored. `errors`: (where, what)."""

    def __init__(self, status: int, saying: Saying | None = None, *errors: tuple[str, str]) -> None:
        super().__init__(status)
        self.status, self.saying, self.errors = status, saying, errors

    @property
    def listed(self) -> list[dict[str, str]]:
        return [{"where": where, "what": what} for where, what in self.errors]


def wrong(where: str, what: str) -> Refused:
    """422 for one field, named by its path in the body."""
    return Refused(422, WRONG, (where, what))


@dataclass(frozen=True)
class Read(Generic[Shape]):
    """A body as it came: its shape, its text, and the lower-case hex SHA-256 of its bytes."""

    said: Shape
    text: str
    sha256: str


def read(request: Request, shape: type[Shape]) -> Read[Shape]:
    """The body as this shape. Raises `Refused` (415, 422)."""
    if request.mimetype != "application/json":
        raise Refused(415)
    with waiting_for_body():
        raw = request.get_data(cache=False)
    if len(raw) > LARGEST:
        raise Refused(413)
    try:
        said = shape.model_validate_json(raw)
        text = raw.decode()
    except ValidationError as error:
        raise Refused(422, WRONG, *_errors(error)) from error
    except UnicodeDecodeError as error:
        raise wrong("", "This is not UTF-8.") from error
    return Read(said, text, hashlib.sha256(raw).hexdigest())


def _errors(error: ValidationError) -> Sequence[tuple[str, str]]:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return [
        (".".join(str(part) for part in each["loc"]), PLAINER.get(each["type"], f"{each['msg']}."))
        for each in found[:20]
    ]
