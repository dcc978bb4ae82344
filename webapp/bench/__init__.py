"""Measurements against peers in the same run. Ratios count: absolute figures belong to one machine on one day."""


class CannotMeasure(Exception):
    """Something is missing, or an answer was wrong; the message says what, in one sentence."""
