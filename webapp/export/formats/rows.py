"""What the files of results say: one row an answer, a photo, a stop; only of people who agree to its being kept.

People are numbers, as on the organisers' page of participants. Everything comes from the same queries as the pages.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext

from webapp.export.rules import EXACT
from webapp.mark import N_
from webapp.people import queries as people_queries
from webapp.photo import queries as photo_queries
from webapp.photo.queries import Card
from webapp.project import queries as project_queries
from webapp.results import queries as results_queries
from webapp.walk import queries as walk_queries
from webapp.walk.questions import KINDS
from webapp.walk.rules import EVERY_STOP, ONCE, Checklist, Question, Value
from webapp.words import pick

Row = Sequence[object]

ANSWERS = {
    "walk": N_("the walk’s name"),
    "date": N_("the day of the walk"),
    "stop": N_("the stop’s number; empty for what is asked once for the whole walk"),
    "stop_name": N_("the stop’s name"),
    "checklist": N_("the checklist"),
    "version": N_("its version: answers to two versions are not to be mixed"),
    "question": N_("the question’s id, as in the sheet “questions”"),
    "question_text": N_("the question in words"),
    "kind": N_("the kind of question: agree is 1 to 5, observed 0 to 3, compass 1 to 7; high is good"),
    "participant": N_("a number for each person, the same in all sheets of this file"),
    "perspective": N_("how this person takes part; empty where they have not said"),
    "value": N_("the answer: a number, a word, the id of a choice (several with | between); empty for none"),
    "label": N_("the same as it was shown to people"),
    "cant_tell": N_("1 where somebody cannot tell, which is not part of any n"),
    "remark": N_("the remark, as it was written"),
    "photos": N_("numbers of the photos that hang on the answer"),
    "spoken": N_("1 where a spoken note has come"),
    "people": N_("how many people answered together"),
    "received": N_("when the answer came in"),
    "passing_on": N_("whether this may be passed on to others: it may not, because places and times are exact"),
}
PHOTOS = {
    "photo": N_("the photo’s number, as on cards and lists"),
    "walk": N_("the walk or the call"),
    "stop": N_("the stop’s number"),
    "stop_name": N_("the stop’s name"),
    "participant": N_("a number for each person, the same in all sheets of this file"),
    "perspective": N_("how this person takes part; empty where they have not said"),
    "language": N_("the language of the caption"),
    "caption": N_("the caption, as it was written"),
    "more_captions": N_("captions in other languages, and edited ones that the author agreed to"),
    "story": N_("the story behind it, as it was written"),
    "up": N_("1 where the photo is about something good"),
    "down": N_("1 where it is about something bad"),
    "themes": N_("ids of themes"),
    "people": N_("who can be recognised: none; released: they agree; unreleased: they have not agreed"),
    "spoken": N_("1 where a spoken caption has come"),
    "taken_local": N_("when it was taken, as the camera’s clock showed it"),
    "taken_utc": N_("when it was taken, in UTC; a wrong clock is put right"),
    "lat": N_("degrees north, WGS 84"),
    "lon": N_("degrees east, WGS 84"),
    "accuracy_m": N_("how well the place is known, in metres"),
    "place_source": N_("who named the place: pin, phone, camera, track, stop"),
    "place_gap_s": N_("of a place by a track: seconds to the track’s nearest point"),
    "original_here": N_("1 where the untouched original has come"),
    "late": N_("1 where it came after the call’s end"),
    "received": N_("when the record came in"),
    "passing_on": N_("whether this may be passed on to others: it may not, because places and times are exact"),
}
STOPS = {
    "walk": N_("the walk’s name"),
    "stop": N_("the stop’s number"),
    "stop_name": N_("the stop’s name"),
    "lat": N_("degrees north, WGS 84"),
    "lon": N_("degrees east, WGS 84"),
    "accuracy_m": N_("how well the place is known, in metres"),
    "photos_allowed": N_("1 where photos may be taken"),
    "checklists": N_("how many checklists were filled in there"),
    "photos": N_("how many photos were taken there"),
}
FIGURES = {
    "walk": N_("the walk’s name"),
    "stop": N_("the stop’s number; empty for what is asked once for the whole walk"),
    "stop_name": N_("the stop’s name"),
    "checklist": N_("the checklist"),
    "question": N_("the question’s id, as in the sheet “questions”"),
    "question_text": N_("the question in words"),
    "perspective": N_("whose answers; “all” for everybody’s"),
    "n": N_("how many answered, without those who cannot tell"),
    "mean": N_("their mean, where the answers are numbers"),
    "cant_tell": N_("how many cannot tell"),
}
QUESTIONS = {
    "question": N_("the question’s id"),
    "checklist": N_("the checklist"),
    "question_text": N_("the question in words"),
    "kind": N_("the kind of question"),
    "value": N_("what the column “value” can say"),
    "label": N_("what it means"),
}
SHEETS: Mapping[str, Mapping[str, str]] = {
    "answers": ANSWERS,
    "photos": PHOTOS,
    "stops": STOPS,
    "figures": FIGURES,
    "questions": QUESTIONS,
}


@dataclass(frozen=True)
class Source:
    """What a file is of: one walk, or all walks and calls of a project."""

    project: Any
    walks: Sequence[Any]
    calls: Sequence[Any] = ()

    @property
    def name(self) -> str:
        return f"pohled-{self.walks[0].starts.date()}" if len(self.walks) == 1 and not self.calls else "pohled"

    @cached_property
    def numbers(self) -> Mapping[uuid.UUID, int]:
        return people_queries.numbers(self.project.id)

    @cached_property
    def voices(self) -> Mapping[uuid.UUID, str]:
        return people_queries.perspectives(list(self.numbers))

    @cached_property
    def photos(self) -> list[tuple[Any, Card]]:
        """Every photo that the desk may see, with its walk or call."""
        found = [(walk, photo_queries.photos_of_walk(walk.id)) for walk in self.walks]
        found += [(call, photo_queries.photos_of_call(call.id)) for call in self.calls]
        return [(of, card) for of, photos in found for card in photo_queries.desk_cards(photos, self.project.zone)]

    @cached_property
    def photo_numbers(self) -> Mapping[str, int]:
        return {str(card.photo.id): card.photo.number for _, card in self.photos}

    def local(self, moment: datetime) -> str:
        return moment.astimezone(ZoneInfo(self.project.zone)).isoformat(timespec="seconds")


def of_walk(walk: Any) -> Source:
    return Source(project_queries.project(walk.project_id), [walk])


def of_project(project: Any) -> Source:
    return Source(project, walk_queries.walks_of(project.id), photo_queries.calls_of(project.id))


def answers(source: Source) -> Iterator[Row]:
    """As `ANSWERS` names them."""
    for walk in source.walks:
        stops = {stop.id: stop for stop in walk.stops}
        given = results_queries.answers_of(walk.id)
        versions = {row.id: row for row in walk_queries.versions_by_id({each.response.version_id for each in given})}
        for each in given:
            answer, response, question = each.answer, each.response, each.question
            stop = stops.get(response.stop_id)
            value, label = _said(question, answer.value)
            yield [
                pick(walk.title)[0],
                walk.starts.astimezone(ZoneInfo(source.project.zone)).date().isoformat(),
                stop.position if stop else None,
                pick(stop.name)[0] if stop else None,
                versions[response.version_id].checklist,
                versions[response.version_id].version,
                question.id,
                pick(question.text)[0],
                question.kind,
                source.numbers[response.participant_id],
                each.perspective,
                value,
                label,
                int(answer.cant_tell),
                answer.remark,
                " ".join(str(source.photo_numbers[id_]) for id_ in answer.photos if id_ in source.photo_numbers),
                int(each.come),
                response.people,
                source.local(response.received),
                EXACT,
            ]


def _said(question: Question, value: Value) -> tuple[object, str]:
    """A value for a cell, and as it was shown."""
    words = {option: _words(said) for option, said in KINDS[question.kind].options(question)}
    if isinstance(value, list):
        return "|".join(value), "; ".join(words.get(each, each) for each in value)
    if isinstance(value, bool):
        return int(value), words.get(value, "")
    if isinstance(value, int | float):
        return value, words.get(value, "") if isinstance(value, int) else ""
    return value, words.get(value, "") if isinstance(value, str) else ""


def _words(said: Any) -> str:
    return pick(said)[0] if isinstance(said, dict) else gettext(said) if said else ""


def photos(source: Source) -> Iterator[Row]:
    """As `PHOTOS` names them."""
    for of, card in source.photos:
        photo, place, stop = card.photo, card.place, card.stop
        taken = card.facts.taken if card.facts else None
        language, caption = next(iter(photo.caption.items()), ("", ""))
        more = [(code, words) for code, words in photo.words.items() if (code, words) != (language, caption)]
        here = {part.name for part in photo.parts}
        yield [
            photo.number,
            pick(of.title)[0],
            stop.position if stop else None,
            pick(stop.name)[0] if stop else None,
            source.numbers[photo.participant_id],
            source.voices.get(photo.participant_id, ""),
            language,
            caption,
            "\n".join(f"{code}: {words}" for code, words in more),
            "\n".join(str(words) for words in photo.story.values() if words),
            int(photo.up),
            int(photo.down),
            " ".join(photo.themes),
            photo.people,
            int("sound" in here),
            taken.local.isoformat(timespec="seconds") if taken and taken.local else None,
            taken.utc.isoformat(timespec="seconds") if taken and taken.utc else None,
            place.lat if place else None,
            place.lon if place else None,
            place.accuracy if place else None,
            place.source.value if place else None,
            place.gap if place else None,
            int(photo.whole),
            int(photo.late),
            source.local(photo.received),
            EXACT,
        ]


def stops(source: Source) -> Iterator[Row]:
    """As `STOPS` names them."""
    for walk in source.walks:
        filled = results_queries.filled_in(walk.id)
        for stop in walk.stops:
            taken = sum(card.photo.stop_id == stop.id for _, card in source.photos)
            place = [stop.lat, stop.lon, stop.accuracy, int(stop.photos)]
            yield [pick(walk.title)[0], stop.position, pick(stop.name)[0], *place, filled[stop.id], taken]


def figures(source: Source) -> Iterator[Row]:
    """As `FIGURES` names them: the pages' own figures, for everybody and for each perspective."""
    for walk in source.walks:
        for place in results_queries.of_walk(walk.id):
            stop = place.stop
            where = [pick(walk.title)[0], stop.position if stop else None, pick(stop.name)[0] if stop else None]
            for checklist, tallies in place.checklists:
                for made in tallies:
                    what = [*where, pick(checklist.title)[0], made.question.id, pick(made.question.text)[0]]
                    yield [*what, "all", made.n, made.mean, made.cant_tell]
                    for name, part in sorted(made.parts.items()):
                        yield [*what, name, part.n, part.mean, part.cant_tell]


def questions(source: Source) -> Iterator[Row]:
    """As `QUESTIONS` names them: what was asked, and what each value means."""
    seen = set[tuple[str, str]]()
    for walk in source.walks:
        answered = walk_queries.answered_versions(walk.id)
        for _, checklist in walk_queries.asked_or_answered(walk.id, answered):
            for question in _all(checklist):
                title = pick(checklist.title)[0]
                if (title, question.id) not in seen:
                    seen.add((title, question.id))
                    yield from _options(title, question)


def _all(checklist: Checklist) -> list[Question]:
    return [question for asked in (EVERY_STOP, ONCE) for question in checklist.questions(asked)]


def _options(title: str, question: Question) -> Iterator[Row]:
    start = [question.id, title, pick(question.text)[0], question.kind]
    options = KINDS[question.kind].options(question)
    if not options:
        yield [*start, None, pick(question.unit)[0] if question.unit else ""]
    for option, said in options:
        yield [*start, int(option) if isinstance(option, bool) else option, _words(said)]
