"""Django REST framework: class-based views with JSON in and out, and a serializer for the request."""

import logging
import sys
from collections.abc import Callable
from typing import Any

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application

from ..items import ITEMS, LISTS, new_item


def application() -> Callable[..., Any]:
    settings.configure(
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        INSTALLED_APPS=["rest_framework"],
        LOGGING_CONFIG=None,
        REST_FRAMEWORK={
            "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
            "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
            "DEFAULT_AUTHENTICATION_CLASSES": [],
            "UNAUTHENTICATED_USER": None,
        },
    )
    django.setup()
    logging.getLogger("django.request").setLevel(logging.ERROR)  # the others do not log a 404 either
    # The framework's modules read the settings when they are imported.
    from django.urls import path
    from rest_framework import serializers
    from rest_framework.exceptions import NotFound
    from rest_framework.response import Response
    from rest_framework.views import APIView

    class NewItem(serializers.Serializer):
        name = serializers.CharField()
        price = serializers.FloatField()

    class ItemView(APIView):
        def get(self, request, item_id):
            if item_id not in ITEMS:
                raise NotFound(f"Item {item_id} not found")
            return Response(ITEMS[item_id])

    class ListView(APIView):
        def get(self, request, count):
            return Response(LISTS[count])

    class ItemsView(APIView):
        def post(self, request):
            serializer = NewItem(data=request.data)
            serializer.is_valid(raise_exception=True)
            return Response(new_item(**serializer.validated_data), status=201)

    sys.modules[__name__].urlpatterns = [
        path("items/<int:item_id>", ItemView.as_view()),
        path("lists/<int:count>", ListView.as_view()),
        path("items", ItemsView.as_view()),
    ]
    return get_wsgi_application()
