"""The commands that ``flask`` gets for an application: its description as files, and its resources as a table.

What describes is imported by the command that is called: an application that is served has the commands, too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import IO, Any

import click
from flask import Flask
from flask.cli import with_appcontext

from restwell import current
from restwell.declared import declaration_of, description_of
from restwell.registry import api_of, resource_of, resource_rules

_output = click.option(
    "--output",
    type=click.File("w", "utf-8", lazy=True),
    default="-",
    help="The file to write; by default the terminal.",
)


def _write(written: dict[str, Any], output: IO[str]) -> None:
    output.write(json.dumps(written, indent=2, ensure_ascii=False) + "\n")


@click.command("openapi", help="Print the OpenAPI 3.1 document.")
@_output
@with_appcontext
def openapi_command(output: IO[str]) -> None:
    """``flask openapi [--output FILE]``."""
    from restwell.description.openapi import document

    _write(document(current.app()), output)


@click.command("postman", help="Print the Postman collection, format 2.1.")
@_output
@with_appcontext
def postman_command(output: IO[str]) -> None:
    """``flask postman [--output FILE]``."""
    from restwell.description.openapi import document
    from restwell.description.postman import collection

    _write(collection(document(current.app())), output)


@click.command("resources", help="Print each resource with its URLs, methods, arguments and fields.")
@with_appcontext
def resources_command() -> None:
    """``flask resources``."""
    rows = [("Resource", "URL", "Method", "Arguments", "Fields"), *_rows(current.app())]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rows.insert(1, tuple("-" * width for width in widths))  # type: ignore[arg-type]  # five columns, as above
    for row in rows:
        click.echo("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())


COMMANDS = (openapi_command, postman_command, resources_command)


def _rows(app: Flask) -> Iterator[tuple[str, str, str, str, str]]:
    from restwell.description.views import VERBS, decorated_view

    for rule in resource_rules(app):
        resource = resource_of(app, rule)
        if api_of(app, rule.endpoint) is None:
            continue
        name, url = resource.__name__, rule.rule
        for verb in VERBS:
            if verb.upper() in (rule.methods or ()) and hasattr(resource, verb):
                view = decorated_view(resource, verb)
                yield name, url, verb.upper(), ", ".join(_arguments(view)), ", ".join(_fields(view))
                name = url = ""


def _arguments(view: Callable[..., Any]) -> Iterator[str]:
    from restwell.description.views import parsers_of

    parsers = parsers_of(view)
    for parser in parsers:
        yield from (argument.name for argument in parser.args)
    expected = declaration_of(view).expects
    if expected is not None and not parsers:
        yield getattr(expected, "__name__", type(expected).__name__)
    yield from (parameter["name"] for parameter in description_of(view, current.app().config).parameters)


def _fields(view: Callable[..., Any]) -> Iterator[str]:
    from restwell.description.views import output_fields

    yield from map(str, output_fields(declaration_of(view).marshals) or ())
