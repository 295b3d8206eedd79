"""Django's settings, without a project: a database, and the one app that the models are of."""

from __future__ import annotations

import os
from urllib.parse import unquote, urlsplit

import django
from django.conf import settings

__all__ = ["set_up"]


def set_up() -> None:
    """With the database in `CLASSROOM_DATABASE_URL`."""
    url = urlsplit(os.environ["CLASSROOM_DATABASE_URL"])
    database = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": url.path.lstrip("/"),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": url.hostname,
        "PORT": url.port,
    }
    settings.configure(
        DATABASES={"default": database},
        INSTALLED_APPS=["import_export", "benchmarks.django_peer.apps.Roll"],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )
    django.setup()
