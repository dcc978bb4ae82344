import pytest
from flask import Flask

from tests.makers import MadeWalk
from tests.server import served as served  # for all tests here
from tests.sync.phone import Phone


@pytest.fixture
def phone(app: Flask, walk: MadeWalk) -> Phone:
    """A phone that has joined the walk."""
    made = Phone(app)
    made.join(walk.code)
    return made
