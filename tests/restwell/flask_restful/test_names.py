"""Every module and every name of Flask-RESTful and Flask-JSON has its twin."""

import importlib
import importlib.metadata
import importlib.util
import pkgutil
import sys
import types

import flask_json
import flask_restful
import pytest

import restwell.flask_json
import restwell.flask_restful
from restwell.upstream.names import complete

MODULES = ["flask_restful", *(found.name for found in pkgutil.walk_packages(flask_restful.__path__, "flask_restful."))]
NAMES = [
    (module, name)
    for module in MODULES
    if module != "flask_restful.utils.crypto"
    for name in vars(importlib.import_module(module))
    if not (name.startswith("__") and name.endswith("__"))
]


def test_the_release_is_the_one_that_is_meant():
    assert importlib.metadata.version("flask-restful") == "0.3.10"
    assert importlib.import_module("restwell.flask_restful.__version__").__version__ == "0.3.10"
    assert flask_json.__version__ == restwell.flask_json.__version__ == "0.4.0"


@pytest.mark.parametrize("module", MODULES)
def test_every_module_has_its_twin(module):
    assert importlib.util.find_spec(f"restwell.{module}") is not None


@pytest.mark.parametrize(("module", "name"), NAMES)
def test_every_name_has_its_twin(module, name):
    if f"{module}.{name}" in MODULES:
        importlib.import_module(f"restwell.{module}.{name}")
    assert hasattr(importlib.import_module(f"restwell.{module}"), name)


@pytest.mark.parametrize("module", [each for each in MODULES if each != "flask_restful.utils.crypto"])
def test_import_star_takes_what_it_takes_there(module):
    theirs: dict[str, object] = {}
    ours: dict[str, object] = {}
    exec(f"from {module} import *", theirs)  # noqa: S102 - the only way to ask
    exec(f"from restwell.{module} import *", ours)  # noqa: S102
    modules = {name for name, value in theirs.items() if isinstance(value, types.ModuleType)}  # some tests import them
    assert theirs.keys() - modules <= ours.keys()


def test_only_the_api_is_a_class_of_its_own():
    for name in restwell.flask_restful.fields.Raw, restwell.flask_restful.reqparse.Argument:
        assert name.__module__.split(".")[1] != "flask_restful"
    for module, twin in (
        (restwell, restwell.flask_restful),
        (restwell.fields, restwell.flask_restful.fields),
        (restwell.inputs, restwell.flask_restful.inputs),
        (restwell.reqparse, restwell.flask_restful.reqparse),
    ):
        shared = {name for name in set(vars(module)) & set(vars(twin)) if not name.startswith("_")}
        others = {
            name
            for name in shared - {"Api", "datetime"}  # that of the standard library there, an input in Restwell
            if getattr(module, name) is not getattr(twin, name)
            and not isinstance(getattr(module, name), types.ModuleType)
        }
        assert not others
    assert issubclass(restwell.flask_restful.Api, restwell.Api)


def test_names_that_have_their_types_stand_for_those_of_restwell():
    from restwell.flask_restful import fields, inputs, reqparse, request, unpack, utils
    from restwell.flask_restful.representations.json import output_json
    from restwell.flask_restful.utils import OrderedDict, cors, http_status_message

    assert restwell.fields.Raw is fields.Raw
    assert inputs.boolean is restwell.inputs.boolean
    assert reqparse.request is request
    assert reqparse.flask_restful is restwell.flask_restful
    assert output_json is restwell.flask_restful.output_json
    assert utils.unpack is unpack
    assert OrderedDict([("a", 1)]) == {"a": 1}
    assert callable(cors.crossdomain)
    assert http_status_message(404) == "Not Found"


def test_crypto_is_there_where_its_package_is(monkeypatch):
    if importlib.util.find_spec("Crypto") is None:
        with pytest.raises(ImportError, match="Crypto"):
            importlib.import_module("restwell.flask_restful.utils.crypto")
        package, cipher = types.ModuleType("Crypto"), types.ModuleType("Crypto.Cipher")
        cipher.AES = None
        monkeypatch.setitem(sys.modules, "Crypto", package)
        monkeypatch.setitem(sys.modules, "Crypto.Cipher", cipher)
    try:
        crypto = importlib.import_module("restwell.flask_restful.utils.crypto")
        assert callable(crypto.encrypt)
    finally:
        for name in ("flask_restful.utils.crypto", "restwell.flask_restful.utils.crypto"):
            sys.modules.pop(name, None)


def test_a_twin_keeps_the_names_that_it_has():
    twin = {"output_json": "its own"}
    complete(twin, "flask_restful")
    assert twin["output_json"] == "its own"
    assert twin["Resource"] is flask_restful.Resource


@pytest.mark.parametrize("name", [name for name in vars(flask_json) if not name.startswith("_")])
def test_every_public_name_of_flask_json_has_its_twin(name):
    assert hasattr(restwell.flask_json, name)


@pytest.mark.parametrize(
    "name", ["FlaskJSON", "JsonError", "JsonRequest", "JsonTestResponse", "as_json", "as_json_p", "json_response"]
)
def test_names_of_flask_json_are_those_of_restwell(name):
    assert getattr(restwell.flask_json, name) is getattr(restwell, name)
