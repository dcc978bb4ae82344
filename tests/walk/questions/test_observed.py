import pytest

from webapp.walk.questions.kind import WrongAnswer
from webapp.walk.questions.observed import KIND
from webapp.walk.rules import Answer, Question

QUESTION = Question("s.1", "observed", {"en": "I can see around corners."})


@pytest.mark.parametrize("step", [0, 1, 2, 3])
def test_takes_every_step_and_nothing_observed_is_a_value(step: int) -> None:
    assert KIND.check(QUESTION, step) == step
    answer = KIND.read(QUESTION, [str(step)])
    assert answer == Answer(step)
    assert answer, "“not at all” is an answer"


@pytest.mark.parametrize("value", [-1, 4, 1.5, "2", None, False, True, [0]])
def test_json_takes_nothing_but_whole_steps(value: object) -> None:
    with pytest.raises(WrongAnswer, match="steps of the scale"):
        KIND.check(QUESTION, value)


@pytest.mark.parametrize("text", ["-1", "4", "1.5", "lots"])
def test_a_form_takes_nothing_but_whole_steps(text: str) -> None:
    with pytest.raises(WrongAnswer, match="steps of the scale"):
        KIND.read(QUESTION, [text])


@pytest.mark.parametrize("sent", [[], [""], ["\t"]])
def test_nothing_chosen_is_no_answer(sent: list[str]) -> None:
    assert not KIND.read(QUESTION, sent)


def test_cannot_tell_is_an_answer_without_a_value() -> None:
    assert KIND.read(QUESTION, ["?"]) == Answer(cant_tell=True)


def test_the_scale_runs_from_low_to_high() -> None:
    assert KIND.name == "observed"
    assert list(KIND.scale(QUESTION)) == [0, 1, 2, 3]
