import pytest

from webapp.walk.questions.kind import WrongAnswer
from webapp.walk.questions.many import KIND
from webapp.walk.rules import Answer, Question

CHOICES = tuple((code, {"en": code}) for code in ("uk", "vi", "none"))
QUESTION = Question("m.1", "many", {"en": "Which languages did you see?"}, CHOICES)


def test_takes_several_in_the_questions_order() -> None:
    assert KIND.check(QUESTION, ["vi", "uk"]) == ["uk", "vi"]
    answer = KIND.read(QUESTION, ["vi", "uk"])
    assert answer == Answer(["uk", "vi"])
    assert KIND.fields(answer) == ["uk", "vi"]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (["de"], "one of the choices"),
        (["uk", "de"], "one of the choices"),
        ([1], "one of the choices"),
        ([["uk"]], "one of the choices"),
        ([None], "one of the choices"),
        (["uk", "uk"], "counts once"),
        ("uk", "list of choices"),
        ({"uk": True}, "list of choices"),
        (None, "list of choices"),
        (True, "list of choices"),
    ],
)
def test_json_takes_nothing_but_known_ids_once(value: object, told: str) -> None:
    with pytest.raises(WrongAnswer, match=told):
        KIND.check(QUESTION, value)


@pytest.mark.parametrize("sent", [["de"], ["uk", "de"], ["uk", "uk"]])
def test_a_form_takes_nothing_but_known_ids_once(sent: list[str]) -> None:
    with pytest.raises(WrongAnswer):
        KIND.read(QUESTION, sent)


def test_an_empty_list_is_no_answer() -> None:
    assert KIND.check(QUESTION, []) is None
    assert not KIND.read(QUESTION, [])
    assert not KIND.read(QUESTION, [""])


def test_cannot_tell_stands_where_nothing_is_chosen() -> None:
    assert KIND.read(QUESTION, ["?"]) == Answer(cant_tell=True)
    assert KIND.fields(Answer(cant_tell=True)) == ["?"]
    assert KIND.read(QUESTION, ["uk", "?"]) == Answer(["uk"])


def test_each_choice_is_counted_for_everybody_who_made_it() -> None:
    made = KIND.summary(QUESTION, [["uk", "vi"], ["uk"]])
    assert made.counts == [("uk", 2), ("vi", 1), ("none", 0)]
    assert made.mean is None
