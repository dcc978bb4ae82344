"""Fields that several features' forms share."""

from collections.abc import Callable, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Field
from wtforms.validators import StopValidation, ValidationError

Check = Callable[[Any, Any], None]


class WordsField(Field):
    """A text in several languages: the form's fields are `<name>.<language>`, the data {language: text}.

    Empty texts are left out. `parts/form.html` draws one line or area for each language that the page offers.
    """

    def __init__(self, label: Any, validators: Sequence[Check] = (), longest: int = 200, **options: Any) -> None:
        super().__init__(label, list(validators), **options)
        self.longest = longest

    def process(self, formdata: MultiDict[str, str] | None, data: Any = None, **_: Any) -> None:
        self.process_errors: list[str] = []
        self.raw_data: list[str] = []
        self.data = dict((data() if callable(data) else data) or {})
        if formdata:
            start = f"{self.name}."
            sent = {name.removeprefix(start): formdata[name] for name in formdata if name.startswith(start)}
            self.raw_data = list(sent.values())
            self.data = {code: tidied for code, text in sent.items() if (tidied := tidy(text))}

    def pre_validate(self, form: Any) -> None:
        for text in self.data.values():
            if len(text) > self.longest:
                raise StopValidation(self.gettext("This is too long."))


class InOneLanguage:
    """At least one language must say something."""

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, form: Any, field: WordsField) -> None:
        if not field.data:
            raise ValidationError(self.message)


def tidy(text: str) -> str:
    """What a person typed, with one kind of line end and without NUL, which no database takes."""
    return text.replace("\r\n", "\n").replace("\0", "").strip()
