"""Django REST framework with simplejwt, fixed, the code: strict reading before the library, no crash in it, one response after it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import InvalidToken

from .common import NO_STORE, RESPONSES, Rejected, bearer_token, trustworthy


class Authentication(JWTAuthentication):
    """The library's own, and what it leaves open."""

    www_authenticate_realm = "jwt-demo"

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        try:
            found = super().authenticate(request)
        except (ArithmeticError, TypeError, ValueError):
            # a time after the year 9999, a subject that is not a number
            raise InvalidToken from None
        if found is not None and not trustworthy(found[1].payload):
            raise InvalidToken
        return found


View = Callable[[HttpRequest], HttpResponse]


def one_spelling(get_response: View) -> View:
    """Django's middleware: the library knows one spelling of Bearer, so it gets what has been read strictly."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "HTTP_CONTENT_ENCODING" in request.META:
            return JsonResponse({"message": "Send the body as it is"}, status=415)
        try:
            token = bearer_token(request.META.get("HTTP_AUTHORIZATION", ""), request.GET)
        except Rejected as rejected:
            status, message, challenge = RESPONSES[str(rejected)]
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


def in_our_words(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF calls this for the response to every exception of a view. The login keeps its own."""
    from rest_framework.views import (
        exception_handler,
    )  # not above: it imports what the settings name, which is this module

    if isinstance(error, RecursionError):
        return Response({"message": "The body is nested too deep"}, status=400)
    if context["request"].path == "/login" or not isinstance(
        error, NotAuthenticated | AuthenticationFailed
    ):
        return exception_handler(error, context)
    status, message, challenge = RESPONSES[
        "no token" if isinstance(error, NotAuthenticated) else "bad token"
    ]
    return Response({"message": message}, status=status, headers={"WWW-Authenticate": challenge})
