"""Django REST framework with simplejwt, mended, the code: strict reading before the library, no crash in it, one answer after it."""

from django.http import JsonResponse
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.response import Response
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import InvalidToken

from .common import ANSWERS, NO_STORE, Refused, bearer_token, trustworthy


class Authentication(JWTAuthentication):
    """The library's own, and what it leaves open."""

    www_authenticate_realm = "jwt-demo"

    def authenticate(self, request):
        try:
            found = super().authenticate(request)
        except (
            ArithmeticError,
            TypeError,
            ValueError,
        ):  # a time beyond the calendar, a subject that is no number
            raise InvalidToken from None
        if found is not None and not trustworthy(found[1].payload):
            raise InvalidToken
        return found


def one_spelling(get_response):
    """Django's middleware: the library knows one spelling of Bearer, so it gets what has been read strictly."""

    def middleware(request):
        if "HTTP_CONTENT_ENCODING" in request.META:
            return JsonResponse({"message": "Send the body as it is"}, status=415)
        try:
            token = bearer_token(request.META.get("HTTP_AUTHORIZATION", ""), request.GET)
        except Refused as refused:
            status, message, challenge = ANSWERS[str(refused)]
            return JsonResponse(
                {"message": message}, status=status, headers={"WWW-Authenticate": challenge}
            )
        if token is not None:
            request.META["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        response = get_response(request)
        for name, value in NO_STORE.items():
            response[name] = value
        return response

    return middleware


def in_our_words(error, context):
    """DRF asks this for an answer to every exception of a view. The login keeps its own."""
    from rest_framework.views import (
        exception_handler,
    )  # not above: it imports what the settings name, which is this module

    if isinstance(error, RecursionError):
        return Response({"message": "The body is nested too deep"}, status=400)
    if context["request"].path == "/login" or not isinstance(
        error, NotAuthenticated | AuthenticationFailed
    ):
        return exception_handler(error, context)
    status, message, challenge = ANSWERS[
        "no token" if isinstance(error, NotAuthenticated) else "bad token"
    ]
    return Response({"message": message}, status=status, headers={"WWW-Authenticate": challenge})
