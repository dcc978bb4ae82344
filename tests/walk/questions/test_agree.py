import pytest

from webapp.walk.questions.agree import KIND
from webapp.walk.questions.kind import WrongAnswer
from webapp.walk.rules import Answer, Question

QUESTION = Question("b.1", "agree", {"en": "A stranger would help."})


@pytest.mark.parametrize("step", [1, 2, 3, 4, 5])
def test_takes_every_step_of_the_ladder(step: int) -> None:
    assert KIND.check(QUESTION, step) == step
    assert KIND.read(QUESTION, [str(step)]) == Answer(step)


@pytest.mark.parametrize("value", [0, 6, 9, -1, 4.0, 3.5, "4", "", None, True, [4], {"value": 4}])
def test_json_takes_nothing_but_whole_steps(value: object) -> None:
    with pytest.raises(WrongAnswer, match="steps of the scale"):
        KIND.check(QUESTION, value)


@pytest.mark.parametrize("text", ["0", "6", "9", "-1", "+4", "4.0", "four", "٤", "4²", "44444444444444444444", "??"])
def test_a_form_takes_nothing_but_whole_steps(text: str) -> None:
    with pytest.raises(WrongAnswer, match="steps of the scale"):
        KIND.read(QUESTION, [text])


@pytest.mark.parametrize("sent", [[], [""], ["  "]])
def test_nothing_chosen_is_no_answer(sent: list[str]) -> None:
    assert not KIND.read(QUESTION, sent)


def test_cannot_tell_is_an_answer_without_a_value() -> None:
    assert KIND.read(QUESTION, ["?"]) == Answer(cant_tell=True)


def test_the_scale_runs_from_low_to_high() -> None:
    assert KIND.name == "agree"
    assert list(KIND.scale(QUESTION)) == [1, 2, 3, 4, 5]
