import pytest

from webapp.results.rules import Said, tally
from webapp.results.shown import FEW, aggregate
from webapp.walk.questions import KINDS
from webapp.walk.rules import Answer, Question, Value

AGREE = Question("q", "agree", {"en": "A stranger would help."})
OBSERVED = Question("o", "observed", {"en": "I can see around corners."})
CHOICES = (("uk", {"en": "Ukrainian"}), ("vi", {"en": "Vietnamese"}))
ASKED = {
    "agree": (AGREE, [4, 4, 1]),
    "observed": (OBSERVED, [0, 3, 3]),
    "compass": (Question("c", "compass", {"en": "Getting here"}), [7, 1, 1]),
    "yes_no": (Question("y", "yes_no", {"en": "A bench?"}), [True, False, False]),
    "one": (Question("1", "one", {"en": "Who?"}, CHOICES), ["vi", "vi", "uk"]),
    "many": (Question("m", "many", {"en": "Which?"}, CHOICES), [["uk", "vi"], ["uk"], ["vi"]]),
    "number": (Question("n", "number", {"en": "How many?"}), [31, 17.25, 7]),
    "text": (Question("w", "text", {"en": "What would help?"}), ["více laviček", "<b>", "stín"]),
}


def given(*values: Value) -> list[Answer]:
    return [Answer(value) for value in values]


def test_every_answer_is_counted_once_and_high_comes_first() -> None:
    answers = [Answer(4), Answer(4, remark="sure"), Answer(1), Answer(cant_tell=True), Answer(remark="only a word")]
    made = tally(KINDS["agree"], AGREE, answers)
    assert made.counts == [(5, 0), (4, 2), (3, 0), (2, 0), (1, 1)]
    assert made.n == 3
    assert made.cant_tell == 1
    assert made.remarks == [Said("sure"), Said("only a word")]
    assert made.summary.mean == 3


def test_nothing_observed_is_an_answer_and_no_answer_is_none() -> None:
    made = tally(KINDS["observed"], OBSERVED, [Answer(0), Answer()])
    assert made.counts[-1] == (0, 1)
    assert made.n == 1


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_n_is_people_whatever_the_kind(kind: str) -> None:
    question, values = ASKED[kind]
    made = tally(KINDS[kind], question, [*given(*values), Answer(cant_tell=True), Answer(remark="a word")])
    assert made.n == 3
    assert made.cant_tell == 1
    if kind != "many":  # there, one person may count at several choices
        assert sum(count for _, count in made.counts) + len(made.summary.numbers) + len(made.summary.words) == 3


def test_every_line_says_what_it_counts() -> None:
    lines = {kind: tally(KINDS[kind], *_with_answers(kind)).lines for kind in KINDS}
    assert [(line.step, line.words, line.count) for line in lines["observed"]] == [
        ("3", "Fully", 2),
        ("2", "Mostly", 0),
        ("1", "A little", 0),
        ("0", "Not at all", 1),
    ]
    assert [(line.step, line.words, line.count) for line in lines["yes_no"]] == [("", "Yes", 1), ("", "No", 2)]
    assert [(line.step, line.words, line.count) for line in lines["many"]] == [
        ("", {"en": "Ukrainian"}, 2),
        ("", {"en": "Vietnamese"}, 2),
    ]
    assert not lines["number"]
    assert not lines["text"]


def _with_answers(kind: str) -> tuple[Question, list[Answer]]:
    question, values = ASKED[kind]
    return question, given(*values)


def test_words_are_shown_as_written() -> None:
    made = tally(KINDS["text"], ASKED["text"][0], [Answer("více laviček"), Answer("<b>"), Answer(cant_tell=True)])
    assert made.summary.words == ["více laviček", "<b>"]
    assert not made.counts
    assert made.n == 2


def test_photos_are_counted() -> None:
    made = tally(KINDS["agree"], AGREE, [Answer(4, photos=("a", "b")), Answer(photos=("c", "c"))])
    assert made.photos == 3


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("people", range(FEW))
def test_of_few_people_viewers_see_nothing(kind: str, people: int) -> None:
    question, answers = _with_answers(kind)
    made = aggregate(tally(KINDS[kind], question, [*answers[:people], Answer(cant_tell=True), Answer(remark="x")]))
    assert (made.n, list(made.bands), made.mean, list(made.groups)) == (None, [], None, [])


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_of_several_viewers_see_counts_and_means_and_no_single_answer(kind: str) -> None:
    question, answers = _with_answers(kind)
    made = aggregate(tally(KINDS[kind], question, answers))
    assert made.n == FEW
    for own in ("více laviček", "<b>", "stín", "17.25"):
        assert own not in repr((made.n, made.bands, made.mean, made.groups))
    assert all(band.count is None for band in made.bands), "each step was chosen by one or two"
