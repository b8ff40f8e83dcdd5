"""The command line: ``restwell``, a command for each thing that is done to a project rather than in an application."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from restwell.migrate import Finding, Migration, migrate


@click.group(name="restwell", context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="restwell", prog_name="restwell")
def main() -> None:
    """Resource-class JSON APIs on Flask."""


@main.command("migrate")
@click.argument(
    "paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path, readable=False)
)
@click.option("--write", is_flag=True, help="Carry the changes out instead of showing them.")
@click.pass_context
def migrate_command(context: click.Context, paths: tuple[Path, ...], write: bool) -> None:
    """Move code from Flask-RESTful and Flask-JSON to Restwell.

    Renames the imports of flask_restful and flask_json in the files and, below the folders, in each *.py. Hidden
    folders, virtual environments, node_modules, __pycache__, build and dist are passed over. Without --write, nothing
    is touched: the changes go to the standard output, as a diff that `git apply` takes.

    What people have to look at goes to the standard error output, by file and line: requirement and setup files,
    texts that name modules, packages that import Flask-RESTful themselves, error handlers, private names, files that
    cannot be read. The Python that runs this command reads the code and sees the packages: run it with the
    application's.

    Exit status: 0 when nothing is left to change; 1 when a change is shown, or when something could not be read,
    renamed or written; 2 when a path does not exist.
    """
    migration = migrate(paths, write=write)
    for change in migration.changes if not write else ():
        click.echo(change.diff(), nl=False)
    _report("Look at:", migration.findings)
    _report("Not done:", migration.undone)
    for line in _summary(migration, write):
        click.echo(line, err=True)
    context.exit(1 if migration.changes or migration.undone else 0)


def _report(title: str, findings: Iterable[Finding]) -> None:
    lines = [_line(finding) for finding in findings]
    if lines:
        click.echo("\n".join([title, *lines, ""]), err=True)


def _line(finding: Finding) -> str:
    name = click.format_filename(finding.path)
    return f"  {name}:{finding.line}: {finding.message}" if finding.line else f"  {name}: {finding.message}"


def _summary(migration: Migration, write: bool) -> Iterable[str]:
    for change in migration.written:
        yield f"  {click.format_filename(change.path)}"
    count = len(migration.written if write else migration.changes)
    yield f"{_files(count)} {'changed' if write else 'to change'}, {_files(migration.unaffected)} right as they are."
    if migration.changes and not write:
        yield "Nothing was written: --write does."
    if migration.findings:
        yield "docs/migrating-from-flask-restful.md in Restwell's repository says more about what to look at."


def _files(count: int) -> str:
    return f"{count} file{'' if count == 1 else 's'}"
