"""The benchmark as a user runs it; its figures are not asserted, only that it takes them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.calls import Case, caller, check
from benchmarks.contenders import OURS, PLAIN
from benchmarks.dispatch import BASELINE, CASES
from benchmarks.parts import in_a_process_of_its_own, run_part
from benchmarks.table import Table

ROOT = Path(__file__).parents[2]


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_dispatch_prints_a_table_and_writes_its_figures(tmp_path):
    output = tmp_path / "results.json"
    finished = run("--only", "dispatch", "--rounds", "1", "--output", str(output))
    assert finished.returncode == 0, finished.stderr

    (dispatch,) = json.loads(output.read_text())["parts"]["dispatch"]
    assert list(dispatch["values"]) == list(CASES)
    for case, times in dispatch["values"].items():
        assert times[OURS] > 0 < times[PLAIN]
        assert dispatch["ratios"][case][BASELINE] == 1
        assert case in finished.stdout


def test_an_unknown_part_is_refused():
    finished = run("--only", "nothing")
    assert finished.returncode == 2
    assert "dispatch" in finished.stderr


def test_a_table_shows_times_and_ratios():
    table = Table("Speed", "seconds", {"one item": {"slow": 2.0, "fast": 0.5}}, "slow")
    assert str(table).splitlines() == [
        "Speed: seconds (ratio to slow)",
        "        one item",
        "slow  2.0 (1.00)",
        "fast  0.5 (0.25)",
    ]


def test_a_table_without_a_baseline_shows_no_ratios():
    table = Table("Export", "", {"rows per second": {"Restwell": 5.0}})
    assert str(table).splitlines()[-1].split() == ["Restwell", "5.0"]
    assert "ratios" not in table.figures()


def test_earlier_figures_are_drawn(tmp_path):
    pytest.importorskip("matplotlib")
    figures = Table("Speed", "seconds", {"one item": {"slow": 2.0, "fast": 0.5}}, "slow").figures()
    results, image = tmp_path / "results.json", tmp_path / "chart.svg"
    results.write_text(json.dumps({"parts": {"dispatch": [figures]}}))
    finished = run("--input", str(results), "--plot", str(image))
    assert finished.returncode == 0, finished.stderr
    assert "<svg" in image.read_text()


def test_marshal_is_timed_for_both_frameworks():
    (table,) = in_a_process_of_its_own(run_part, "marshal", 1)
    assert set(table.values["nested"]) == {"Restwell", "Flask-RESTful"}


def test_the_items_api_answers_as_the_benchmark_expects(tmp_path):
    finished = run("--only", "sqlite", "--rounds", "1")
    assert finished.returncode == 0, finished.stderr
    assert "last page of 20" in finished.stdout
    assert "without the wait for the disk" in finished.stdout


@pytest.mark.parametrize("answer", ['{"id": 8}', "[]"])
def test_a_contender_that_answers_something_else_is_not_timed(answer):
    def application(environ, start_response):
        start_response("200 OK", [])
        return [answer.encode()]

    case = CASES["one item"]
    with pytest.raises(ValueError, match="somebody answers one item with"):
        check("somebody", "one item", case, caller(application, case))


def test_a_contender_that_does_not_store_what_it_is_sent_is_not_timed():
    def application(environ, start_response):
        start_response("200 OK", [])
        return [b'{"name": "Widget"}']

    case = Case("/items/7", 200, bodies=[{"name": "Widget"}, {"name": "Gadget"}], method="PUT")
    with pytest.raises(ValueError, match="somebody answers PUT with other values than it was sent"):
        check("somebody", "PUT", case, caller(application, case))
