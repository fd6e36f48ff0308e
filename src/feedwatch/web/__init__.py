"""What feedwatch serves over HTTP: the pages that mails link to, and what programs ask for.

`make_app` is the application, `serve` listens with it where the settings say.
"""

from feedwatch.web.app import make_app
from feedwatch.web.server import serve

__all__ = ["make_app", "serve"]
