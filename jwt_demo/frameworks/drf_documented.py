"""Django REST framework with simplejwt, with only the code of its page on getting started."""

from . import drf_site

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": (
        "rest_framework_simplejwt.authentication.JWTAuthentication",
    ),
}


def make_app(secret):
    return drf_site.make_app(secret, REST_FRAMEWORK=REST_FRAMEWORK)
