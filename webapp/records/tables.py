"""The columns that the revisions of every kind of record share."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import now


class RevisionRow:
    """One revision as it came. `counted` is false for what was kept beside the one that counted then."""

    order: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    record_id: Mapped[uuid.UUID]
    device: Mapped[str]
    sequence: Mapped[int]
    revision: Mapped[int]
    base: Mapped[int | None]
    sha256: Mapped[str]
    body: Mapped[str]
    counted: Mapped[bool]
    received: Mapped[datetime] = mapped_column(default=now)
