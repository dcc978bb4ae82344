"""Headers of every answer. The policy is set on purpose: the usual defaults deny camera and place."""

import re

from flask import Flask, Response, g, request
from flask.sessions import SecureCookieSessionInterface
from secure import ContentSecurityPolicy, PermissionsPolicy, ReferrerPolicy, Secure, XContentTypeOptions

POLICY = Secure(
    csp=ContentSecurityPolicy()
    .default_src("'none'")
    .script_src("'self'")
    .style_src("'self'")
    .img_src("'self'", "blob:")
    .media_src("'self'", "blob:")
    .connect_src("'self'")
    .form_action("'self'")
    .frame_ancestors("'none'")
    .base_uri("'none'")
    .manifest_src("'self'")
    .worker_src("'self'"),
    permissions=PermissionsPolicy().geolocation("self").camera("self").microphone("self"),
    referrer=ReferrerPolicy().strict_origin(),
    xcto=XContentTypeOptions().nosniff(),
)
THIS_COMPUTER = re.compile(r"(.+\.)?localhost(:\d+)?|127(\.\d+){3}(:\d+)?|\[::1\](:\d+)?", re.I)
PRIVATE = ("/plain/", "/desk")
ALIKE = ("/w/", "/start/")  # one address, one language, the same for everybody
PICTURES = "img-src 'self' blob:"


def init_headers(app: Flask) -> None:
    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in POLICY.headers.items():
            response.headers.setdefault(name, value)
        if tiles := tile_source(g.get("tiles", "none")):
            # data: because Leaflet lets go of a tile by showing an empty picture instead.
            policy = response.headers["Content-Security-Policy"]
            response.headers["Content-Security-Policy"] = policy.replace(PICTURES, f"{PICTURES} data: {tiles}")
        if request.path.startswith(PRIVATE):
            response.headers["Cache-Control"] = "private, no-store"  # files, too: what is withdrawn must be gone
        elif response.mimetype == "text/html" and not request.path.startswith(ALIKE):
            # The same address speaks several languages.
            response.headers.setdefault("Cache-Control", "no-cache")
            response.vary.update(["Accept-Language", "Cookie"])
        return response


def secure_context() -> bool:
    """Whether browsers trust this address with offline storage, camera and place: HTTPS, or their own computer."""
    return request.is_secure or THIS_COMPUTER.fullmatch(request.host) is not None


def tile_source(address: str) -> str:
    """Where a map's tiles come from, as the policy names it. A view with a map sets `g.tiles`: no other page may."""
    found = re.match(r"(https?://)([^/?#]+)", address)
    if not found:
        return ""
    host = found[2].replace("{s}", "*") if found[2].startswith("{s}.") else found[2]
    return f"{found[1]}{host}" if "{" not in host else found[1].removesuffix("//")


class SecureSession(SecureCookieSessionInterface):
    """The session's cookie goes back over HTTPS only, if it came by HTTPS."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure
