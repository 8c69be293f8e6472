"""Django REST framework with simplejwt, mended: issuer and audience, one answer for every bad token, nothing kept in caches."""

from . import AUDIENCE, ISSUER
from .common import CHALLENGE, INVALID, NO_STORE, too_many_credentials, trustworthy
from .drf_site import configure, make_application

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": (f"{__name__}.Authentication",),
    "UNAUTHENTICATED_USER": None,
    "EXCEPTION_HANDLER": f"{__name__}.in_our_words",
}
SIMPLE_JWT = {"USER_ID_CLAIM": "sub", "ISSUER": ISSUER, "AUDIENCE": AUDIENCE}
MIDDLEWARE = [f"{__name__}.guard"]


def make_app(secret):
    configure(secret, urls=__name__, REST_FRAMEWORK=REST_FRAMEWORK, SIMPLE_JWT=SIMPLE_JWT, MIDDLEWARE=MIDDLEWARE, DATA_UPLOAD_MAX_MEMORY_SIZE=16 * 1024)
    globals()["Authentication"] = authentication()
    urlpatterns.extend(routes())
    return make_application()


urlpatterns = []


def authentication():
    import jwt
    from rest_framework_simplejwt.authentication import JWTAuthentication
    from rest_framework_simplejwt.exceptions import InvalidToken

    class Authentication(JWTAuthentication):
        """The library's own, and what it leaves open: types of times, lifetime, subject; any odd header is a bad token."""

        www_authenticate_realm = "jwt-demo"

        def authenticate(self, request):
            header = self.get_header(request)
            if header is None or not header.lower().startswith(b"bearer"):
                return None
            token = header[len(b"bearer") :].strip()
            if not token.isascii() or b" " in token or b"=" in token:
                raise InvalidToken
            claims = self.get_validated_token(token)
            if not trustworthy(jwt.get_unverified_header(token), claims.payload):
                raise InvalidToken
            return self.get_user(claims), claims

    return Authentication


def in_our_words(error, context):
    from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
    from rest_framework.response import Response
    from rest_framework.views import exception_handler

    if isinstance(error, NotAuthenticated):
        return Response({"message": "Log in first"}, status=401, headers={"WWW-Authenticate": CHALLENGE})
    if isinstance(error, AuthenticationFailed) and context["request"].path != "/login":
        challenge = f'{CHALLENGE}, error="invalid_token", error_description="{INVALID}"'
        return Response({"message": INVALID}, status=401, headers={"WWW-Authenticate": challenge})
    return exception_handler(error, context)


def guard(get_response):
    from django.http import JsonResponse

    def middleware(request):
        if too_many_credentials(request.headers.get("Authorization", ""), request.GET):
            return JsonResponse({"message": "More than one way to send a token was used"}, status=400)
        response = get_response(request)
        for name, value in NO_STORE.items():
            response[name] = value
        return response

    return middleware


def routes():
    from django.urls import path
    from rest_framework.permissions import IsAuthenticated
    from rest_framework.response import Response
    from rest_framework.views import APIView
    from rest_framework_simplejwt.views import TokenObtainPairView

    class GetUser(APIView):
        permission_classes = (IsAuthenticated,)

        def get(self, request):
            return Response({"user": request.user.email})

    return [path("login", TokenObtainPairView.as_view()), path("get-user", GetUser.as_view())]
