"""A Django project as small as it gets, with simplejwt."""

from pathlib import Path

SECRET_KEY = Path("key.txt").read_text("ascii")
ROOT_URLCONF = "urls"
STATIC_URL = "static/"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "rest_framework"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework_simplejwt.authentication.JWTAuthentication"],
}
