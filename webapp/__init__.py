"""Pohled: city walks with checklists, and PhotoVoice."""

import os
import weakref
from datetime import timedelta

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp.config import VERSION, Settings, SettingsError, occupy, secret
from webapp.database import db, engine_options, prepare_engines
from webapp.storage import Store

__version__ = VERSION
FORM_ROOM = 1_000_000  # bytes of a form, without a file


def create_app(settings: Settings | None = None) -> Flask:
    """The program, its database brought up to date."""
    # Imported here, not above: features import `webapp.database`, and so this module.
    from webapp.jobs import init_queue
    from webapp.migrations import upgrade
    from webapp.photo.queries import anything_received
    from webapp.routes import init_routes
    from webapp.shell.assets import TEMPLATES, init_assets
    from webapp.shell.errors import init_errors
    from webapp.shell.headers import SecureSession, init_headers
    from webapp.shell.logs import init_logs
    from webapp.shell.request import StoreRequest
    from webapp.words import init_words

    settings = settings or Settings.read()
    app = Flask(__name__, static_folder=None, template_folder=str(TEMPLATES))
    weakref.finalize(app, os.close, occupy(settings.home))
    app.request_class = StoreRequest
    app.session_interface = SecureSession()
    app.config.update(
        SECRET_KEY=secret(settings.home),
        MAX_CONTENT_LENGTH=FORM_ROOM,
        SESSION_COOKIE_NAME="pohled",
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=14),
        WTF_CSRF_TIME_LIMIT=None,  # a walk is long, and a form left open must still arrive
        **engine_options(settings.database),
    )
    if settings.url.startswith("https:"):
        # Served by a proxy that ends TLS: its word for the scheme is believed, and nothing else of it.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=0, x_proto=1, x_host=0)  # type: ignore[method-assign]
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    store = Store(settings.storage)
    app.extensions.update(settings=settings, store=store)
    db.init_app(app)
    with app.app_context():
        prepare_engines()
        upgrade(settings.home)
        if not store.is_prepared and anything_received():
            raise SettingsError(
                f"{store.root} holds no files, although some were received: is its disk mounted? If they are lost "
                "for good, make the folder “originals” in it, start again, and ask `pohled check` what is missing."
            )
    store.prepare()
    init_logs(app)
    init_words(app, settings.languages)
    init_errors(app)
    init_headers(app)
    init_assets(app)
    init_queue(app, settings)
    init_routes(app)
    return app
