"""Marks a sentence for translation where none can happen yet, as in a module's constants."""


def N_(message: str) -> str:  # noqa: N802 - the name by which extractors know it
    """Give `message` back unchanged; whoever shows it passes it to gettext."""
    return message
