from hypothesis import given
from hypothesis import strategies as st

from tests.makers import BELONGING
from webapp.records.rules import canonical
from webapp.walk.rules import EVERY_STOP, ONCE, Answer, Checklist

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(st.dictionaries(st.text(), JSON))
def test_equal_bodies_have_one_fingerprint_in_whatever_order(body: dict[str, object]) -> None:
    turned = dict(reversed(list(body.items())))
    assert canonical(body) == canonical(turned)


def test_a_checklist_asks_at_stops_and_once() -> None:
    checklist = Checklist.read(BELONGING)
    assert [question.id for question in checklist.questions(EVERY_STOP)] == ["b.1", "b.2"]
    assert [question.id for question in checklist.questions(ONCE)] == ["b.3"]


def test_zero_and_cannot_tell_are_answers() -> None:
    assert Answer(0)
    assert Answer(cant_tell=True)
    assert Answer(remark="a word")
    assert not Answer()
    assert Answer(3, remark="x").as_json() == {"value": 3, "remark": "x"}
