"""Django REST framework with simplejwt, fixed, the settings: issuer and audience, and where the rest of the fix is."""

from django.core.handlers.wsgi import WSGIHandler

from . import AUDIENCES, ISSUER, drf_site
from .common import LARGEST_BODY

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ("jwt_demo.frameworks.drf_authentication.Authentication",),
    "EXCEPTION_HANDLER": "jwt_demo.frameworks.drf_authentication.in_our_words",
}
SIMPLE_JWT = {"USER_ID_CLAIM": "sub", "ISSUER": ISSUER, "AUDIENCE": AUDIENCES["drf"]}
MIDDLEWARE = ["jwt_demo.frameworks.drf_authentication.one_spelling"]


def make_app(secret: str) -> WSGIHandler:
    return drf_site.make_app(
        secret,
        REST_FRAMEWORK=REST_FRAMEWORK,
        SIMPLE_JWT=SIMPLE_JWT,
        MIDDLEWARE=MIDDLEWARE,
        DATA_UPLOAD_MAX_MEMORY_SIZE=LARGEST_BODY,
    )
