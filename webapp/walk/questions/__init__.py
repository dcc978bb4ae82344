"""The question kinds, one line each."""

from collections.abc import Mapping

from webapp.walk.questions import agree, compass, many, number, observed, one, text, yes_no
from webapp.walk.questions.kind import Kind

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        agree.KIND,
        observed.KIND,
        compass.KIND,
        yes_no.KIND,
        one.KIND,
        many.KIND,
        number.KIND,
        text.KIND,
    )
}
