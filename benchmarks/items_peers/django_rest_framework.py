"""Django REST framework's ModelViewSet on Django's ORM."""

import logging
import sys

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from sqlalchemy import make_url

from .model import PRAGMAS

TABLE = "django_items"
PRICE = "i"
PATH = "/api/items/"


def application(url):
    url = make_url(url)
    if url.get_backend_name() == "sqlite":
        options = {"init_command": "; ".join(PRAGMAS), "timeout": 3}
        database = {"ENGINE": "django.db.backends.sqlite3", "NAME": url.database, "OPTIONS": options}
    else:
        database = {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": url.database,
            "HOST": url.host,
            "PORT": url.port,
            "USER": url.username,
            "PASSWORD": url.password or "",
        }
    settings.configure(
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        INSTALLED_APPS=["rest_framework"],
        LOGGING_CONFIG=None,
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        DATABASES={"default": {**database, "CONN_MAX_AGE": None}},
        REST_FRAMEWORK={
            "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
            "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
            "DEFAULT_AUTHENTICATION_CLASSES": [],
            "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.LimitOffsetPagination",
            "PAGE_SIZE": 20,
            "UNAUTHENTICATED_USER": None,
        },
    )
    django.setup()
    logging.getLogger("django.request").setLevel(logging.ERROR)
    # The framework's modules read the settings when they are imported.
    from django.db import connection, models
    from rest_framework import routers, serializers, viewsets

    class Item(models.Model):
        name = models.CharField(max_length=200)
        price = models.FloatField()
        created_at = models.DateTimeField(auto_now_add=True)
        updated_at = models.DateTimeField(auto_now=True)
        version = models.IntegerField(default=1, editable=False)

        class Meta:
            app_label = "benchmarks"
            db_table = TABLE

    class ItemSerializer(serializers.ModelSerializer):
        class Meta:
            model = Item
            fields = ("id", "name", "price", "created_at", "updated_at", "version")

    class ItemViewSet(viewsets.ModelViewSet):
        queryset = Item.objects.order_by("id")
        serializer_class = ItemSerializer

    if TABLE not in connection.introspection.table_names():
        with connection.schema_editor() as editor:
            editor.create_model(Item)
    router = routers.SimpleRouter()
    router.register("api/items", ItemViewSet)
    sys.modules[__name__].urlpatterns = router.urls
    return get_wsgi_application()


def last_page(application, count):
    return f"{PATH}?limit=20&offset={count - 20}"
