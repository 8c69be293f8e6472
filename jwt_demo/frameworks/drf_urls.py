"""The URLs of the Django site: the login is a view of the library, the other view is our own."""

from django.urls import path
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_simplejwt.views import TokenObtainPairView


class GetUser(APIView):
    permission_classes = (IsAuthenticated,)

    def get(self, request):
        return Response({"user": request.user.email})


urlpatterns = [path("login", TokenObtainPairView.as_view()), path("get-user", GetUser.as_view())]
