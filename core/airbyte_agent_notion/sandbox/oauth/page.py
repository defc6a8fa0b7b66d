"""What a browser is shown: the authorization page, its error page, and the way back. No script, everything escaped."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from html import escape

from ...flow import Response

__all__ = ["consent_page", "refusal_page", "sent_back"]

STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 28rem; margin: 4rem auto; padding: 0 1rem; color: #222 }
h1 { font-size: 1.3rem } button { font: inherit; padding: .4rem 1rem; margin-right: .5rem } .note { color: #666 }
"""

# No form-action for one host only: browsers apply it to every redirect that follows a form, the app's own included.
POLICY = "; ".join(
    (
        "default-src 'none'",
        f"style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'",
        "form-action http: https:",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


def consent_page(*, app: str, workspace: str, capabilities: Iterable[str], back_to: str, form_token: str) -> Response:
    """The question, with two buttons.

    Args:
        app: who asks.
        workspace: for what.
        capabilities: what the app may then do.
        back_to: host that the browser is sent to afterwards.
        form_token: proof that the answer was given on this page.
    """
    title = f"{escape(app)} wants to access {escape(workspace)}"
    asked = "".join(f"<li>{escape(each)}</li>" for each in capabilities)
    body = f"""<h1><bdi>{escape(app)}</bdi> wants to access <bdi>{escape(workspace)}</bdi></h1>
<p>It would be able to:</p>
<ul>{asked}</ul>
<form method="post" action="authorize">
<input type="hidden" name="form_token" value="{escape(form_token)}">
<button type="submit" name="decision" value="allow">Allow access</button>
<button type="submit" name="decision" value="cancel">Cancel</button>
</form>
<p class="note">Either way you are sent back to <bdi>{escape(back_to)}</bdi>. This is a sandbox, not Notion.</p>"""
    return _html(200, title, body)


def refusal_page(reason: str, hint: str) -> Response:
    """400 with the reason and the next step; the browser is sent nowhere."""
    title = "This app cannot be connected"
    return _html(400, title, f"<h1>{title}</h1>\n<p>{escape(reason)}</p>\n<p>{escape(hint)}</p>")


def sent_back(address: str) -> Response:
    """302 to that address."""
    return Response(status=302, headers={**HEADERS, "location": address, "content-length": "0"})


def _html(status: int, title: str, body: str) -> Response:
    page = f"""<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}</title><style>{STYLE}</style></head>
<body>
{body}
</body>
</html>
"""
    content = page.encode(errors="replace")
    told = {"content-type": "text/html; charset=utf-8", "content-length": str(len(content))}
    return Response(status=status, headers={**HEADERS, **told}, content=content)
