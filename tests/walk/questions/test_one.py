import pytest

from webapp.walk.questions.kind import WrongAnswer
from webapp.walk.questions.one import KIND
from webapp.walk.rules import Answer, Question

QUESTION = Question(
    "o.1", "one", {"en": "Who comes here?"}, (("kids", {"en": "children"}), ("old", {"en": "older people"}))
)


@pytest.mark.parametrize("choice", ["kids", "old"])
def test_takes_the_id_of_a_choice(choice: str) -> None:
    assert KIND.check(QUESTION, choice) == choice
    answer = KIND.read(QUESTION, [choice])
    assert answer == Answer(choice)
    assert KIND.fields(answer) == [choice]


@pytest.mark.parametrize("value", ["children", "Kids", "", None, 0, True, ["kids"], {"kids": 1}])
def test_json_takes_nothing_but_a_known_id(value: object) -> None:
    with pytest.raises(WrongAnswer, match="one of the choices"):
        KIND.check(QUESTION, value)


def test_a_form_takes_nothing_but_a_known_id() -> None:
    with pytest.raises(WrongAnswer, match="one of the choices"):
        KIND.read(QUESTION, ["grown-ups"])


@pytest.mark.parametrize("sent", [[], [""]])
def test_nothing_chosen_is_no_answer(sent: list[str]) -> None:
    assert not KIND.read(QUESTION, sent)


def test_cannot_tell_is_an_answer_without_a_value() -> None:
    assert KIND.read(QUESTION, ["?"]) == Answer(cant_tell=True)
    assert KIND.fields(Answer(cant_tell=True)) == ["?"]


def test_every_choice_is_counted_in_the_questions_order() -> None:
    assert KIND.summary(QUESTION, ["old", "old"]).counts == [("kids", 0), ("old", 2)]
    assert KIND.options(QUESTION) == QUESTION.choices
    assert not KIND.scale(QUESTION)
