import pytest

from webapp.walk.questions.kind import WrongAnswer
from webapp.walk.questions.text import KIND, LONGEST
from webapp.walk.rules import Answer, Question

QUESTION = Question("b.2", "text", {"en": "What makes it easier?"})
WRITTEN = "Příliš žluťoučký kůň, „úpěl“.\nثم ذهبنا 🚲 <b>=1+1</b>"


def test_words_are_kept_as_written() -> None:
    assert KIND.check(QUESTION, WRITTEN) == WRITTEN
    assert KIND.read(QUESTION, [WRITTEN]) == Answer(WRITTEN)


def test_a_form_sends_its_own_line_ends_and_space_around() -> None:
    assert KIND.read(QUESTION, ["  one\r\ntwo \r\n"]) == Answer("one\ntwo")


@pytest.mark.parametrize("value", [1, True, None, ["a"], {"a": "b"}])
def test_json_takes_nothing_but_words(value: object) -> None:
    with pytest.raises(WrongAnswer, match="words"):
        KIND.check(QUESTION, value)


def test_the_longest_fits_and_one_more_letter_does_not() -> None:
    assert KIND.read(QUESTION, ["ě" * LONGEST]).value == "ě" * LONGEST
    with pytest.raises(WrongAnswer, match="5,000"):
        KIND.read(QUESTION, ["ě" * (LONGEST + 1)])


@pytest.mark.parametrize("sent", [[], [""], [" \r\n "]])
def test_nothing_written_is_no_answer(sent: list[str]) -> None:
    assert not KIND.read(QUESTION, sent)


def test_cannot_tell_stands_where_nothing_is_written() -> None:
    assert KIND.read(QUESTION, ["", "?"]) == Answer(cant_tell=True)


def test_words_win_over_cannot_tell() -> None:
    assert KIND.read(QUESTION, ["words", "?"]) == Answer("words")


def test_a_question_mark_alone_is_a_word() -> None:
    assert KIND.read(QUESTION, ["?"]) == Answer("?")


def test_it_is_no_scale() -> None:
    assert KIND.name == "text"
    assert not KIND.scale(QUESTION)


def test_json_that_holds_nothing_but_space_is_no_answer() -> None:
    assert KIND.check(QUESTION, " \n ") is None


def test_the_page_shows_what_can_be_sent_again() -> None:
    for answer in (Answer("?"), Answer("words"), Answer(cant_tell=True), Answer()):
        assert KIND.read(QUESTION, KIND.fields(answer)) == answer
