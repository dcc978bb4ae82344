"""The question kinds, one line each."""

from collections.abc import Mapping

from webapp.walk.questions import agree, observed, text
from webapp.walk.questions.kind import Kind

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        agree.KIND,
        observed.KIND,
        text.KIND,
    )
}
