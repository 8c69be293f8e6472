"""One Django site in one process: settings, a table of people in memory, the article's user. Documented and fixed share it."""

from __future__ import annotations

from typing import Any

import django
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.handlers.wsgi import WSGIHandler

from . import EMAIL, PASSWORD


class Argon2(Argon2PasswordHasher):
    """With the costs of the rest of this course. Django's own default takes a second of a slow computer for each login."""

    time_cost, memory_cost, parallelism = 2, 19 * 1024, 1


def make_app(secret: str, **more: Any) -> WSGIHandler:
    """The WSGI application, its table made and its user in it; `more` goes to the settings as it is. Once in a process."""
    settings.configure(
        SECRET_KEY=secret,
        ALLOWED_HOSTS=["127.0.0.1", "localhost"],
        ROOT_URLCONF=f"{__package__}.drf_urls",
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "rest_framework",
            f"{__package__}.people",
        ],
        AUTH_USER_MODEL="people.Person",
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": "file:people?mode=memory&cache=shared",
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        PASSWORD_HASHERS=[f"{__name__}.Argon2"],
        USE_TZ=True,
        LOGGING_CONFIG=None,
        **more,
    )
    django.setup()
    add_people()
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


def add_people() -> None:
    """The connection stays open, and keeps the memory alive."""
    from django.db import connection

    from .people.models import Person

    with connection.schema_editor() as editor:
        editor.create_model(Person)
    person = Person(email=EMAIL)
    person.set_password(PASSWORD)
    person.save()
