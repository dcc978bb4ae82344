"""A window of WebKitGTK that WebKitWebDriver may drive, with a profile that stays: a driven MiniBrowser keeps none.

Run by the system's Python, which knows GTK: `python3 webkit_window.py PROFILE`.
"""

import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gtk, WebKit2  # noqa: E402 -- a version is required before the import

PHONE = (360, 740)


def main(profile: str) -> None:
    kept = WebKit2.WebsiteDataManager(base_data_directory=f"{profile}/data", base_cache_directory=f"{profile}/cache")
    context = WebKit2.WebContext.new_with_website_data_manager(kept)
    context.set_preferred_languages(["en_GB"])
    context.set_automation_allowed(True)
    context.connect("automation-started", started)
    Gtk.main()


def started(context: WebKit2.WebContext, session: WebKit2.AutomationSession) -> None:
    info = WebKit2.ApplicationInfo()
    info.set_name("WebKitGTK")
    info.set_version(WebKit2.get_major_version(), WebKit2.get_minor_version(), WebKit2.get_micro_version())
    session.set_application_info(info)
    session.connect("create-web-view", lambda _session: view_of(context))


def view_of(context: WebKit2.WebContext) -> WebKit2.WebView:
    microphone = WebKit2.Settings(enable_media_stream=True, enable_mock_capture_devices=True)
    view = WebKit2.WebView(web_context=context, is_controlled_by_automation=True, settings=microphone)
    view.connect("permission-request", lambda _view, asked: asked.allow() or True)
    window = Gtk.Window(default_width=PHONE[0], default_height=PHONE[1])
    window.add(view)
    window.show_all()
    return view


if __name__ == "__main__":
    main(sys.argv[1])
