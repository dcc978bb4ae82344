import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.walk.questions.kind import WrongAnswer
from webapp.walk.questions.number import KIND, LARGEST
from webapp.walk.rules import Answer, Checklist, Question

QUESTION = Question("n.1", "number", {"en": "How many benches?"})
LIMITED = Question("n.2", "number", {"en": "How many of ten?"}, low=0, high=10)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("3", 3),
        ("3.5", 3.5),
        ("3,5", 3.5),
        (" 12 ", 12),
        ("1 234", 1234),
        ("1\N{NO-BREAK SPACE}234,5", 1234.5),
        ("-4", -4),
        ("\N{MINUS SIGN}4", -4),
        ("+4", 4),
        ("٣٫٥", 3.5),
        ("0", 0),
    ],
)
def test_takes_numbers_as_people_type_them(typed: str, value: float) -> None:
    answer = KIND.read(QUESTION, [typed])
    assert answer == Answer(value)
    assert type(answer.value) is type(value), "whole numbers stay whole"
    assert answer, "nought is an answer"


@pytest.mark.parametrize(
    "typed", ["three", "3.5.1", "1,234,567.8", "3,", ".", "-", "1e5", "0x1f", "½", "nan", "inf", "3 m"]
)
def test_a_form_takes_nothing_else(typed: str) -> None:
    with pytest.raises(WrongAnswer, match="takes a number"):
        KIND.read(QUESTION, [typed])


@pytest.mark.parametrize("value", ["3", None, True, False, [3], {"value": 3}])
def test_json_takes_nothing_but_numbers(value: object) -> None:
    with pytest.raises(WrongAnswer, match="takes a number"):
        KIND.check(QUESTION, value)


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan, 10**400, LARGEST * 2])
def test_what_no_one_can_have_counted_is_refused(value: float) -> None:
    with pytest.raises(WrongAnswer, match="too large"):
        KIND.check(QUESTION, value)


@pytest.mark.parametrize("value", [0, 10, 9.5])
def test_the_limits_themselves_are_allowed(value: float) -> None:
    assert KIND.check(LIMITED, value) == value


@pytest.mark.parametrize("value", [-1, 10.1, 11])
def test_beyond_the_limits_is_refused(value: float) -> None:
    with pytest.raises(WrongAnswer, match="outside"):
        KIND.check(LIMITED, value)


def test_a_checklist_may_set_limits_and_a_unit_or_not() -> None:
    asked = {"id": "n", "kind": "number", "text": {"en": "How far?"}}
    section = {"id": "s", "title": {"en": "S"}, "asked": "once"}
    more = {**asked, "min": 0, "max": 9.5, "unit": {"en": "metres"}}
    body = {"id": "c", "title": {"en": "C"}, "sections": [{**section, "questions": [asked, more]}]}
    plain, limited = Checklist.read(body).questions("once")
    assert (plain.low, plain.high, plain.unit) == (None, None, None)
    assert (limited.low, limited.high, limited.unit) == (0, 9.5, {"en": "metres"})


@pytest.mark.parametrize("sent", [[], [""], ["  "]])
def test_nothing_typed_is_no_answer(sent: list[str]) -> None:
    assert not KIND.read(QUESTION, sent)


def test_cannot_tell_stands_where_nothing_is_typed() -> None:
    for sent in (["", "?"], ["?"]):
        assert KIND.read(QUESTION, sent) == Answer(cant_tell=True)
    assert KIND.read(QUESTION, ["3", "?"]) == Answer(3)


@given(st.integers(-(10**15), 10**15) | st.floats(1e-9, 1e15) | st.floats(-1e15, -1e-9))
def test_what_the_page_shows_can_be_sent_again(value: float) -> None:
    assert KIND.read(QUESTION, KIND.fields(Answer(value))) == Answer(value)


def test_numbers_are_put_in_order_with_mean_and_median() -> None:
    made = KIND.summary(QUESTION, [12, 3.5, 4])
    assert made.numbers == [3.5, 4, 12]
    assert made.mean == 6.5
    assert made.median == 4
    assert KIND.summary(QUESTION, []).mean is None
