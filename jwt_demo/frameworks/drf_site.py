"""One Django site in one process: settings, a table of people in memory, the article's user, the routes."""

from __future__ import annotations

from typing import Any

import django
from django.conf import settings

from . import EMAIL, PASSWORD


def configure(secret: str, urls: str, **more: Any) -> None:
    """Set Django up; `more` goes to the settings as it is. Can be done once in a process."""
    settings.configure(
        SECRET_KEY=secret,
        ALLOWED_HOSTS=["127.0.0.1", "localhost"],
        ROOT_URLCONF=urls,
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "rest_framework", "jwt_demo.frameworks.people"],
        AUTH_USER_MODEL="people.Person",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "file:people?mode=memory&cache=shared"}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"],
        USE_TZ=True,
        LOGGING_CONFIG=None,
        **more,
    )
    django.setup()


def make_application() -> Any:
    """The WSGI application, with its table made and its user in it; the open connection keeps the memory alive."""
    from django.core.wsgi import get_wsgi_application
    from django.db import connection

    from .people.models import Person

    application = get_wsgi_application()
    with connection.schema_editor() as editor:
        editor.create_model(Person)
    person = Person(email=EMAIL)
    person.set_password(PASSWORD)
    person.save()
    return application
