"""What does not fit on a sheet says so."""

from webapp.export.formats.sheets import fitted


def test_a_label_that_has_no_room_ends_with_dots() -> None:
    short = fitted([("cs", "Krátce."), ("en", "Short.")], "6")
    assert short == {"labels": [("cs", "Krátce."), ("en", "Short.")], "long": False}
    long = fitted([("cs", "slovo " * 200), ("en", "Short.")], "6")
    assert long["long"]
    assert long["labels"][0][1].endswith(" …") and len(long["labels"][0][1]) <= 280
    assert long["labels"][1] == ("en", "Short.")
