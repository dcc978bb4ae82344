"""Paper, filters, balance, undoing, order: plain values."""

import uuid
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.exhibition.rules import (
    BALANCED,
    FACETS,
    PAPERS,
    Change,
    Frame,
    NotThere,
    Sharpness,
    State,
    balance,
    best_print,
    counts,
    decided,
    last_decision,
    leaf,
    matching,
    move,
    ppi,
    prints,
    standing,
    tips,
    to_place,
    values,
)

ME, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)
FREE, BLOCKED = "", "not_agreed"

edges = st.integers(1, 20_000)
frames = st.builds(
    Frame,
    id=st.uuids(),
    number=st.just(0),
    author=st.integers(1, 4),
    perspective=st.sampled_from(["", "ngo", "city"]),
    themes=st.lists(st.sampled_from(["home", "work"]), unique=True).map(tuple),
    light=st.lists(st.sampled_from(["up", "down"]), unique=True).map(tuple),
    languages=st.lists(st.sampled_from(["cs", "en"]), unique=True).map(tuple),
    refusal=st.sampled_from([FREE, FREE, BLOCKED, "no_release"]),
    state=st.sampled_from(State),
    mean=st.one_of(st.none(), st.floats(1, 5)),
)
many = st.lists(frames, max_size=40).map(lambda some: [replace(each, number=3 * n) for n, each in enumerate(some, 1)])


def test_the_size_of_a_print_is_known_from_its_pixels() -> None:
    assert [(each.paper, each.ppi) for each in prints(4000, 3000)] == [("A4", 362), ("A3", 256), ("A2", 181)]
    assert best_print(4000, 3000).paper == "A3"
    assert best_print(2000, 1500) == prints(2000, 1500)[0]
    assert best_print(2000, 1500).sharpness is Sharpness.FAIR
    assert best_print(800, 600).sharpness is Sharpness.COARSE


@given(width=edges, height=edges)
def test_a_turned_picture_prints_alike_and_larger_paper_is_never_sharper(width: int, height: int) -> None:
    assert prints(width, height) == prints(height, width)
    found = [each.ppi for each in prints(width, height)]
    assert found == sorted(found, reverse=True)


@given(width=edges, height=edges, paper=st.sampled_from(list(PAPERS)))
def test_the_picture_fits_whole_on_its_paper(width: int, height: int, paper: str) -> None:
    dots = ppi(width, height, paper) + 1
    long, short = PAPERS[paper]
    assert max(width, height) / dots * 25.4 <= long
    assert min(width, height) / dots * 25.4 <= short


@pytest.mark.parametrize("wish", State)
def test_only_a_pick_that_may_not_leave_becomes_another_thing(wish: State) -> None:
    assert decided(wish, refused=False) is wish
    assert decided(wish, refused=True) is (State.WANTED if wish is State.PICK else wish)


@given(
    many, st.dictionaries(st.sampled_from(FACETS), st.sampled_from(["pick", "none", "home", "up", "1", "cs", "free"]))
)
def test_what_a_filter_promises_is_what_it_shows(some: list[Frame], wanted: dict[str, str]) -> None:
    found = counts(some, wanted)
    for facet in FACETS:
        others = {name: value for name, value in wanted.items() if name != facet}
        assert found[facet][""] == len(matching(some, others))
        for value in {value for frame in some for value in values(frame)[facet] if value}:
            assert found[facet][value] == len(matching(some, {**others, facet: value}))


@given(many, st.integers(1, 9))
def test_the_pages_show_every_photo_once(some: list[Frame], size: int) -> None:
    seen, page = list[Frame](), leaf(some, size)
    seen += page.frames
    while page.next is not None:
        before, page = page, leaf(some, size, page.next)
        assert leaf(some, size, page.previous).frames == before.frames
        seen += page.frames
    assert seen == some
    for frame in some:
        assert frame in leaf(some, size, at=frame.number).frames


@given(many)
def test_what_may_not_leave_counts_on_neither_side(some: list[Frame]) -> None:
    found = balance(some)
    assert found == balance([frame for frame in some if not frame.refusal])
    assert set(found.sides) == set(BALANCED)
    for facet in ("author", "perspective", "district"):
        assert sum(share.all for share in found.sides[facet]) == found.all
        assert sum(share.chosen for share in found.sides[facet]) == found.chosen
    for tip in tips(found):
        share = next(each for each in found.sides[tip.facet] if each.value == tip.value)
        assert share.chosen == tip.some


def test_two_of_six_by_one_of_many_authors_tip_the_balance() -> None:
    def frame(number: int, author: int, state: State = State.NONE, light: str = "up") -> Frame:
        return Frame(uuid.uuid4(), number, author, state=state, light=(light,))

    rest = [frame(n, n % 20 + 1, light="down" if n % 2 else "up") for n in range(100)]
    chosen = [frame(200 + n, max(n, 2), State.PICK, "down" if n % 2 else "up") for n in range(1, 7)]
    found = tips(balance([*rest, *chosen]))
    assert [(tip.facet, tip.value, tip.some) for tip in found] == [("author", "2", 2)]
    bright = [replace(each, light=("up",)) for each in chosen]
    told = {(tip.facet, tip.value, tip.some) for tip in tips(balance([*rest, *bright]))}
    assert {("light", "up", 6), ("light", "down", 0)} <= told
    assert not tips(balance(rest))


@pytest.mark.parametrize(
    ("sent", "picked", "told"),
    [
        ((6, 5, 2), (4, 2, 1), [4]),  # more than half, of three authors
        ((12, 3, 2), (4, 2, 1), [4]),  # nor is it right that whoever sent most hangs most
        ((6, 5, 2), (3, 3, 1), []),  # as even as seven can be
        ((9, 4), (4, 3), []),
        ((13,), (7,), []),  # there is nobody else
    ],
)
def test_one_author_too_often_is_told_in_a_small_project_too(
    sent: tuple[int, ...], picked: tuple[int, ...], told: list[int]
) -> None:
    every = [
        Frame(uuid.uuid4(), n, author, state=State.PICK if n < chosen else State.NONE)
        for author, (all_, chosen) in enumerate(zip(sent, picked, strict=True), 1)
        for n in range(all_)
    ]
    assert [tip.some for tip in tips(balance(every)) if tip.facet == "author"] == told


def test_captions_in_two_languages_are_no_lack_of_balance() -> None:
    chosen = [Frame(uuid.uuid4(), n, n, state=State.PICK, light=("up",), languages=("cs", "en")) for n in range(1, 9)]
    rest = [Frame(uuid.uuid4(), 20 + n, 20 + n, light=("up",), languages=("vi",)) for n in range(8)]
    found = [tip for tip in tips(balance([*chosen, *rest])) if tip.facet == "caption"]
    assert [(tip.value, tip.some) for tip in found] == [("vi", 0)]


steps = st.lists(
    st.tuples(
        st.sampled_from(["decide", "undo"]), st.sampled_from([ME, OTHER]), st.integers(0, 2), st.sampled_from(State)
    ),
    max_size=30,
)


@given(steps)
def test_undoing_goes_back_step_by_step_and_never_over_somebody_else(
    some: list[tuple[str, uuid.UUID, int, State]],
) -> None:
    """Against a plain model: for each photo the stack of decisions that stand."""
    history, stacks = list[Change](), dict[uuid.UUID, list[Change]]()
    for step, who, which, state in some:
        photo = uuid.UUID(int=which)
        stack = stacks.setdefault(photo, [])
        before = stack[-1].after if stack else State.NONE
        if step == "decide" and state is not before:
            history.append(Change(len(history) + 1, photo, who, before, state))
            stack.append(history[-1])
        elif step == "undo":
            found = last_decision(history, who)
            mine = [change for each in stacks.values() for change in each if change.by == who]
            assert (found is None) == (not mine)
            if found is None:
                continue
            assert found.change == max(mine, key=lambda change: change.order)
            top = stacks[found.change.photo][-1]
            assert found.since == (None if top == found.change else top)
            if found.since is None:
                gone = stacks[found.change.photo].pop()
                history.append(Change(len(history) + 1, gone.photo, who, gone.after, gone.before, gone.order))
    assert standing(history) == sorted((each for stack in stacks.values() for each in stack), key=lambda c: c.order)


orders = st.lists(st.integers(0, 50), unique=True, min_size=1)


@given(orders, st.data())
def test_a_move_keeps_the_others_in_their_order(order: list[int], data: st.DataObject) -> None:
    moved = data.draw(st.sampled_from(order))
    before = data.draw(st.sampled_from([*order, None]))
    place = data.draw(st.integers(-3, 60))
    after = move(order, moved, before)
    rest = [each for each in order if each != moved]
    assert [each for each in after if each != moved] == rest
    assert len(after) == len(order)
    if before not in (None, moved):
        assert after.index(before) == after.index(moved) + 1
    placed = to_place(order, moved, place)
    assert [each for each in placed if each != moved] == rest
    assert placed.index(moved) == min(max(place, 1), len(order)) - 1


def test_what_was_taken_off_meanwhile_is_neither_moved_nor_a_place() -> None:
    for moved, before in ((9, 1), (1, 9)):
        with pytest.raises(NotThere):
            move([1, 2], moved, before)
    with pytest.raises(NotThere):
        to_place([1, 2], 9, 1)
