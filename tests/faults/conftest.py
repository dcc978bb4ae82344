"""What the tests of faults share."""

import pytest

from tests.faults.figures import Reached


@pytest.fixture
def reached(request: pytest.FixtureRequest) -> Reached:
    """Notes a figure for the table of faults."""
    return Reached(request.node)


@pytest.fixture
def soak(request: pytest.FixtureRequest) -> bool:
    """Whether the full figures are asked for, or the short form."""
    return bool(request.config.getoption("--soak"))
