"""Headers that every answer carries: nothing from outside, nothing inline, no sniffing, no referrer."""

from quart import Response

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",  # the page has no way to turn a string into markup
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def secured(response: Response) -> Response:
    """The response with the headers above."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    # A file is asked about each time, so that no page is mixed from two versions; an answer is not kept at all.
    response.headers["Cache-Control"] = "no-cache" if "ETag" in response.headers else "no-store"
    return response
