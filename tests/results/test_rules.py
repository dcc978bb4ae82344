from webapp.results.rules import tally
from webapp.walk.rules import Answer, Question

AGREE = Question("q", "agree", {"en": "A stranger would help."})
WORDS = Question("w", "text", {"en": "What would help?"})


def test_every_answer_is_counted_once_and_high_comes_first() -> None:
    answers = [Answer(4), Answer(4, remark="sure"), Answer(1), Answer(cant_tell=True), Answer(remark="only a word")]
    made = tally(AGREE, range(1, 6), answers)
    assert made.counts == [(5, 0), (4, 2), (3, 0), (2, 0), (1, 1)]
    assert made.n == 3
    assert made.cant_tell == 1
    assert made.remarks == ["sure", "only a word"]


def test_nothing_observed_is_an_answer_and_no_answer_is_none() -> None:
    made = tally(AGREE, range(4), [Answer(0), Answer()])
    assert made.counts[-1] == (0, 1)
    assert made.n == 1


def test_words_are_shown_as_written() -> None:
    made = tally(WORDS, (), [Answer("více laviček"), Answer("<b>"), Answer(cant_tell=True)])
    assert made.words == ["více laviček", "<b>"]
    assert made.counts == []
    assert made.n == 2
