import pytest

from webapp.walk.questions.kind import WrongAnswer
from webapp.walk.questions.yes_no import KIND
from webapp.walk.rules import Answer, Question

QUESTION = Question("y.1", "yes_no", {"en": "Is there a bench?"})


@pytest.mark.parametrize(("text", "value"), [("yes", True), ("no", False)])
def test_takes_yes_and_no_and_no_is_an_answer(text: str, value: bool) -> None:
    assert KIND.check(QUESTION, value) is value
    answer = KIND.read(QUESTION, [text])
    assert answer.value is value
    assert answer, "“no” is an answer"
    assert KIND.fields(answer) == [text]


@pytest.mark.parametrize("value", [0, 1, "yes", "true", None, [True], 1.0])
def test_json_takes_nothing_but_booleans(value: object) -> None:
    with pytest.raises(WrongAnswer, match="yes or no"):
        KIND.check(QUESTION, value)


@pytest.mark.parametrize("text", ["true", "1", "Yes", "maybe", "??"])
def test_a_form_takes_nothing_but_yes_and_no(text: str) -> None:
    with pytest.raises(WrongAnswer, match="yes or no"):
        KIND.read(QUESTION, [text])


@pytest.mark.parametrize("sent", [[], [""], [" "]])
def test_nothing_chosen_is_no_answer(sent: list[str]) -> None:
    assert not KIND.read(QUESTION, sent)
    assert KIND.fields(Answer()) == []


def test_cannot_tell_is_an_answer_without_a_value() -> None:
    assert KIND.read(QUESTION, ["?"]) == Answer(cant_tell=True)
    assert KIND.fields(Answer(cant_tell=True)) == ["?"]


def test_both_are_counted_and_have_no_mean() -> None:
    made = KIND.summary(QUESTION, [True, False, True])
    assert made.counts == [(True, 2), (False, 1)]
    assert made.mean is None
    assert not KIND.scale(QUESTION)
