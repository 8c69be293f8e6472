"""Django REST framework with simplejwt, as its page on getting started leaves it."""

from . import drf_site

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": (
        "rest_framework_simplejwt.authentication.JWTAuthentication",
    ),
}


def make_app(secret):
    return drf_site.make_app(secret, REST_FRAMEWORK=REST_FRAMEWORK)
