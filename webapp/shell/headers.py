"""Headers of every answer. The policy is set on purpose: the usual defaults deny camera and place."""

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface
from secure import ContentSecurityPolicy, PermissionsPolicy, ReferrerPolicy, Secure, XContentTypeOptions

POLICY = Secure(
    csp=ContentSecurityPolicy()
    .default_src("'none'")
    .script_src("'self'")
    .style_src("'self'")
    .img_src("'self'", "blob:")
    .connect_src("'self'")
    .form_action("'self'")
    .frame_ancestors("'none'")
    .base_uri("'none'")
    .manifest_src("'self'"),
    permissions=PermissionsPolicy().geolocation("self").camera("self").microphone("self"),
    referrer=ReferrerPolicy().strict_origin(),
    xcto=XContentTypeOptions().nosniff(),
)
PRIVATE = ("/plain/", "/desk")


def init_headers(app: Flask) -> None:
    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in POLICY.headers.items():
            response.headers.setdefault(name, value)
        if request.path.startswith(PRIVATE):
            response.headers["Cache-Control"] = "private, no-store"  # files, too: what is withdrawn must be gone
        elif response.mimetype == "text/html":
            # The same address speaks several languages.
            response.headers.setdefault("Cache-Control", "no-cache")
            response.vary.update(["Accept-Language", "Cookie"])
        return response


class SecureSession(SecureCookieSessionInterface):
    """The session's cookie goes back over HTTPS only, if it came by HTTPS."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure
