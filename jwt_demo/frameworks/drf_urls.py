"""The addresses of the Django site: the library's view for the login, one view of our own."""

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
