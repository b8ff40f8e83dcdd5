# make run starts the API, make test passes the tests; each sets up a virtual environment of its own first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# How many tests run at once; each process has databases and ports of its own.
WORKERS ?= 2
TESTS = -m pytest -n $(WORKERS)
QUICK_TESTS = $(TESTS) --ignore tests/e2e

.PHONY: run test test-plain test-lowest test-with releases lint benchmark clean

run: $(VENV)/.run
	$(BIN)/python run.py

# The end-to-end tests have the machine to themselves: some of them load it, one reads the clock.
test: $(VENV)/.dev
	$(BIN)/python $(QUICK_TESTS)
	$(BIN)/python -m pytest tests/e2e

# The same without shortcuts: everything works by what Flask, Werkzeug and SQLAlchemy document.
test-plain: $(VENV)/.dev
	RESTWELL_SHORTCUTS=off $(BIN)/python $(QUICK_TESTS)

# With the lowest releases that setup.cfg allows.
test-lowest: .venv-lowest/.test
	.venv-lowest/bin/python $(QUICK_TESTS)

# With a Flask and a Werkzeug of yours: make test-with FLASK=../flask WERKZEUG=../werkzeug
test-with:
	test -n "$(FLASK)" && test -n "$(WERKZEUG)"
	$(PYTHON) -m venv .venv-with
	.venv-with/bin/python -m pip install --quiet "$(WERKZEUG)" "$(FLASK)" --editable '.[test]'
	.venv-with/bin/python $(QUICK_TESTS)

# Pass the tests with the installed releases of Flask, Werkzeug and SQLAlchemy, and take shortcuts for them from then on.
releases: $(VENV)/.dev
	$(BIN)/python .ci/releases.py $(QUICK_TESTS)

# PLC2701, imports of private names, is found only by a preview of ruff.
lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff check --preview --select PLC2701 .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

benchmark: $(VENV)/.dev
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) .venv-lowest .venv-with build dist *.egg-info

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(BIN)/python setup.cfg pyproject.toml
	$(BIN)/python -m pip install --quiet --editable '.[data]'
	touch $@

$(VENV)/.dev: $(BIN)/python setup.cfg pyproject.toml
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@

.venv-lowest/.test: setup.cfg .ci/lowest.py
	$(PYTHON) -m venv .venv-lowest
	$(PYTHON) .ci/lowest.py > .venv-lowest/constraints.txt
	.venv-lowest/bin/python -m pip install --quiet --constraint .venv-lowest/constraints.txt --editable '.[test]'
	touch $@
