# Every task of this project. `make` or `make help` lists them.
# ARGS go to the command behind a target: make test ARGS="tests/unit -k slots"

PYTHON ?= python3
UV ?= uv
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

# A stamp is newer than the lock file it was installed from, so pip runs only after a lock file has changed.
RUNS := $(VENV)/.installed
DEVELOPS := $(VENV)/.installed-dev
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
LOCKED := install --require-hashes --only-binary :all:

.DEFAULT_GOAL := help
.PHONY: help setup demo run test test-all check lint types imports rules fresh bench check-secrets \
	smoke-formlead lock migration api docs clean

help: ## List what can be done
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##-- To use it

demo: $(RUNS) ## Show three form submissions become checked drafts, then serve until Ctrl-C
	@$(BIN)/sales-agent demo $(ARGS)

run: $(RUNS) ## Run API, relay, worker and schedule, with the embedded stores unless URLs are set
	@$(BIN)/sales-agent up $(ARGS)

check-secrets: $(RUNS) ## Say of each variable whether it is PRESENT, MISSING or INVALID
	@$(BIN)/sales-agent check-secrets $(ARGS)

smoke-formlead: $(RUNS) ## Send one lead down the whole road; exit 0 if a checked draft came out
	@$(BIN)/sales-agent smoke-formlead $(ARGS)

##-- To work on it

setup: $(DEVELOPS) ## Make .venv with everything a developer needs

test: $(DEVELOPS) ## Run the short test set (15 minutes at most)
	@$(BIN)/python -m pytest -n 2 -m "not long" $(ARGS)

test-all: $(DEVELOPS) ## Run every test, the long ones too
	@$(BIN)/python -m pytest -n 2 $(ARGS)

check: lint types imports rules fresh ## Hold everything a machine can hold: what CI runs before the tests

lint: $(DEVELOPS)
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet || { echo "not formatted: $(BIN)/ruff format"; exit 1; }

types: $(DEVELOPS)
	@$(BIN)/basedpyright --warnings

imports: $(DEVELOPS)
	@$(BIN)/lint-imports --no-logo

rules: $(DEVELOPS)
	@$(BIN)/python -m tools.check_rules

fresh: $(DEVELOPS)
	@$(BIN)/python -m tools.generate --check

bench: $(DEVELOPS) ## Measure acceptance and throughput beside plain peers; prints ratios
	@$(BIN)/python -m bench $(ARGS)

migration: $(DEVELOPS) ## Draft a migration from the tables: make migration NAME="add snooze to draft"
	@test -n "$(NAME)" || { echo 'say what it does: make migration NAME="add snooze to draft"'; exit 1; }
	@$(BIN)/alembic revision --autogenerate -m "$(NAME)"

api: $(DEVELOPS) ## Write docs/reference/openapi.json anew
	@$(BIN)/python -m tools.generate openapi

docs: $(DEVELOPS) ## Write .env.example and docs/reference anew from the code
	@$(BIN)/python -m tools.generate

lock: ## Resolve the dependencies of pyproject.toml anew into both lock files (needs uv)
	@command -v $(UV) >/dev/null || { echo "uv is not installed: python3 -m pip install uv"; exit 1; }
	@$(UV) pip compile $(RESOLVED) pyproject.toml -o requirements.lock >/dev/null
	@$(UV) pip compile $(RESOLVED) --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock >/dev/null
	@! grep -n "://" requirements.lock requirements-dev.lock || { echo "a lock file names a host"; exit 1; }

RESOLVED := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate

clean: ## Remove caches and build output; .venv and var/ stay
	@rm -rf build dist .pytest_cache .ruff_cache .hypothesis .import_linter_cache src/*.egg-info
	@find src tests tools bench migrations -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

##-- The virtual environment

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Python 3.11 or newer is needed, and '$(PYTHON)' is: $$($(PYTHON) --version 2>&1)"; \
		echo "Install it (Debian, Ubuntu: apt install python3 python3-venv), or name one: make PYTHON=python3.11 ..."; \
		exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "'$(PYTHON)' cannot make virtual environments (Debian, Ubuntu: apt install python3-venv)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(RUNS): requirements.lock | $(BIN)/python
	@echo "Installing what requirements.lock names into $(VENV) (a minute or two, once) ..."
	@$(PIP) $(LOCKED) -r requirements.lock
	@$(PIP) install --no-deps --editable .
	@touch $@

$(DEVELOPS): requirements-dev.lock $(RUNS)
	@echo "Installing what requirements-dev.lock adds ..."
	@$(PIP) $(LOCKED) -r requirements-dev.lock
	@touch $@
