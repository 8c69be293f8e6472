"""Django REST framework with simplejwt, as its getting-started page leaves it: its view for the login, its defaults for the rest."""

from .drf_site import configure, make_application

REST_FRAMEWORK = {"DEFAULT_AUTHENTICATION_CLASSES": ("rest_framework_simplejwt.authentication.JWTAuthentication",), "UNAUTHENTICATED_USER": None}


def make_app(secret):
    configure(secret, urls=__name__, REST_FRAMEWORK=REST_FRAMEWORK)
    urlpatterns.extend(routes())
    return make_application()


urlpatterns = []


def routes():
    from django.urls import path
    from rest_framework.permissions import IsAuthenticated
    from rest_framework.response import Response
    from rest_framework.views import APIView
    from rest_framework_simplejwt.views import TokenObtainPairView

    class GetUser(APIView):
        permission_classes = (IsAuthenticated,)

        def get(self, request):
            return Response({"user": str(request.user)})

    return [path("login", TokenObtainPairView.as_view()), path("get-user", GetUser.as_view())]
