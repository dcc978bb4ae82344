import pytest

from webapp.walk.questions.compass import KIND
from webapp.walk.questions.kind import WrongAnswer
from webapp.walk.rules import Answer, Question

QUESTION = Question("c.1", "compass", {"en": "Getting here"})


@pytest.mark.parametrize("step", [1, 2, 3, 4, 5, 6, 7])
def test_takes_every_step(step: int) -> None:
    assert KIND.check(QUESTION, step) == step
    answer = KIND.read(QUESTION, [str(step)])
    assert answer == Answer(step)
    assert KIND.fields(answer) == [str(step)]


@pytest.mark.parametrize("value", [0, 8, 1.0, 3.5, "4", None, True, [4]])
def test_json_takes_nothing_but_whole_steps(value: object) -> None:
    with pytest.raises(WrongAnswer, match="steps of the scale"):
        KIND.check(QUESTION, value)


@pytest.mark.parametrize("text", ["0", "8", "-1", "4.0", "much"])
def test_a_form_takes_nothing_but_whole_steps(text: str) -> None:
    with pytest.raises(WrongAnswer, match="steps of the scale"):
        KIND.read(QUESTION, [text])


@pytest.mark.parametrize("sent", [[], [""], [" "]])
def test_nothing_chosen_is_no_answer(sent: list[str]) -> None:
    assert not KIND.read(QUESTION, sent)


def test_cannot_tell_is_an_answer_without_a_value() -> None:
    assert KIND.read(QUESTION, ["?"]) == Answer(cant_tell=True)
    assert KIND.fields(Answer(cant_tell=True)) == ["?"]


def test_high_is_little_to_change_and_only_the_ends_have_words() -> None:
    options = KIND.options(QUESTION)
    assert [step for step, _ in options] == [7, 6, 5, 4, 3, 2, 1]
    assert [step for step, words in options if words] == [7, 1]
    assert options[0] == (7, "Little to change")


def test_the_summary_counts_every_step_and_takes_the_middle() -> None:
    made = KIND.summary(QUESTION, [7, 7, 1])
    assert made.counts == [(7, 2), (6, 0), (5, 0), (4, 0), (3, 0), (2, 0), (1, 1)]
    assert made.mean == 5
    assert made.median == 7
    assert KIND.summary(QUESTION, []).mean is None
