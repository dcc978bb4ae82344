"""For any WSGI server: `gunicorn wsgi:app`. Jobs run in `pohled worker` beside it."""

from webapp import create_app

app = create_app()
