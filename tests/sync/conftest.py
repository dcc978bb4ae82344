import pytest
from flask import Flask

from tests.makers import MadeWalk
from tests.server import served as served  # for all tests here
from tests.sync.phone import Phone
from webapp.storage import Store


@pytest.fixture
def phone(app: Flask, walk: MadeWalk) -> Phone:
    """A phone that has joined the walk."""
    made = Phone(app)
    made.join(walk.code)
    return made


@pytest.fixture
def store(app: Flask) -> Store:
    """Where the app's files lie."""
    found: Store = app.extensions["store"]
    return found
