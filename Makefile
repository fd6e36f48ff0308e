# Two commands matter: `make run` and `make test`. Both make .venv and install the locked dependencies first.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
CONFIG ?= config.yaml

.PHONY: run test unit fmt lint type docs bench bench-match bench-deliver lock clean docker-lint

run: $(VENV)/.run
	$(BIN)/feedwatch run --config $(CONFIG)

test: $(VENV)/.dev lint type
	$(BIN)/pytest -n auto --cov --cov-report=term:skip-covered

unit: $(VENV)/.dev
	$(BIN)/pytest -q tests/unit

fmt: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix-only --quiet .

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/hadolint Dockerfile

type: $(VENV)/.dev
	$(BIN)/mypy

docs: $(VENV)/.dev
	$(BIN)/python docs/make_config_reference.py
	$(BIN)/python docs/make_cleaning_rules.py
	$(BIN)/python docs/make_one_story.py
	$(BIN)/python docs/make_tuning.py

# Beside others, which the first call fetches (Debian's packages, Go); see docs/benchmarks.md.
bench: $(VENV)/.dev
	test -d .peers/debian || $(BIN)/python -m tests.bench.poll.install .peers
	$(BIN)/python -m tests.bench.poll --peers .peers

# Beside Lucene's Monitor, which the first call builds (Java, Maven).
bench-match: $(VENV)/.dev
	test -d .peers/lucene || $(BIN)/python -m tests.bench.match.install .peers
	$(BIN)/python -m tests.bench.match --peers .peers

# Beside listmonk, which the first call builds (Go) and starts on an embedded PostgreSQL.
bench-deliver: $(VENV)/.dev
	test -d .peers/listmonk || $(BIN)/python -m tests.bench.deliver.install .peers
	$(BIN)/python -m tests.bench.deliver --peers .peers

# The lock files name exact versions with hashes and no index, so that every machine installs the same.
lock: $(VENV)/.dev
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --extra postgresql --group build \
	  --custom-compile-command "make lock" pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --extra postgresql --group dev \
	  --custom-compile-command "make lock" -c requirements.lock pyproject.toml -o requirements-dev.lock

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .coverage*

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "feedwatch needs Python 3.11 or newer; name one with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.lock
	@touch $@
