# From nothing but Python 3.11 or newer (with pip and venv) and make. `make help` lists the targets.

PYTHON ?= python3
SCENARIO ?= configs/yangcheng/scenario.yaml
COUNTY ?= configs/yangcheng
UV := uv==0.13.9
MUTMUT := mutmut==3.8.1

BIN := .venv/bin
CORE := .venv/core.stamp
DEV := .venv/dev.stamp
PEERS := .venv/peers.stamp
APP := .venv/app.stamp
MUTANTS := .venv/mutation/bin

export PYTHONUTF8 := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help setup run app test test-deep mutation lint format bench bench-peers bench-growth bench-province example howto schema lock upgrade clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

run: $(CORE) ## run SCENARIO (Yangcheng's, unless another is named)
	$(BIN)/workforce-sim run $(SCENARIO)

app: $(APP) ## open the page of COUNTY (Yangcheng's, unless another is named) in the browser
	$(BIN)/workforce-sim app --county $(COUNTY)

test: lint ## everything that must hold: format, lint, types, imports, tests
	$(BIN)/python -m pytest

test-deep: $(DEV) ## the property tests, thousands of examples each; 50 kills and full disks
	HYPOTHESIS_PROFILE=deep INTERRUPTIONS=50 $(BIN)/python -m pytest tests/laws tests/oracle tests/faults tests/law

mutation: ## how many mutants of law, policies and assessment the tests kill (hours)
	$(PYTHON) -m venv .venv/mutation
	$(MUTANTS)/pip install --quiet --require-hashes --requirement requirements-dev.lock
	$(MUTANTS)/pip install --quiet --no-deps --no-build-isolation --editable .
	$(MUTANTS)/pip install --quiet $(MUTMUT)
	HYPOTHESIS_PROFILE=mutation $(MUTANTS)/mutmut run
	HYPOTHESIS_PROFILE=mutation $(MUTANTS)/python tests/mutation.py

lint: $(DEV) ## format, lint, types and imports, without the tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: $(DEV) ## format the code and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(CORE) ## how fast the engine is
	$(BIN)/python benchmarks/engine.py

bench-peers: $(PEERS) ## the engine beside SimPy, Mesa, starsim and numpy: docs/performance.md
	.venv/peers/bin/python -m benchmarks.peers --write docs/performance.md

bench-growth: $(CORE) ## time and memory by replications, teachers, years, policies
	$(BIN)/python -m benchmarks.growth --write docs/performance.md

bench-province: $(CORE) ## what a sweep costs, and the nation's: docs/province.md
	$(BIN)/python benchmarks/province.py --write

example: $(CORE) ## write the small example output that is kept in git
	$(BIN)/workforce-sim run $(SCENARIO) --out outputs/example

howto: $(CORE) ## redraw the pictures of docs/howto.md
	$(BIN)/python docs/howto/pictures.py

schema: $(CORE) ## write the JSON Schema of a scenario
	mkdir -p docs/schema
	$(BIN)/workforce-sim schema > docs/schema/scenario.schema.json

setup: $(DEV) ## install what the other targets need

lock: ## write both lock files after a change in pyproject.toml
	$(PYTHON) -m venv --clear .venv/lock
	.venv/lock/bin/pip install --quiet $(UV)
	$(COMPILE) $(FRESH) --extra dev --extra app --extra cluster --output-file requirements-dev.lock
	$(COMPILE) $(FRESH) --extra app --constraint requirements-dev.lock --output-file requirements-app.lock
	$(COMPILE) $(FRESH) --constraint requirements-dev.lock --output-file requirements.lock

upgrade: FRESH := --upgrade
upgrade: lock ## the same, with the newest versions

# One version of each package for every platform and Python; hashes, but no address of a registry.
COMPILE = .venv/lock/bin/uv pip compile pyproject.toml --group build --quiet --no-config --system-certs \
	--universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
	--no-emit-index-url --no-emit-find-links --annotation-style line \
	--custom-compile-command "make lock"

clean: ## remove the environment and every cache
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis build mutants *.egg-info
	find workforce_sim tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

# The environment. A stamp is newer than the files it was made from, so a second call costs nothing.

$(CORE): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 ...' >&2; exit 1; }
	@$(BIN)/pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	$(BIN)/pip install --quiet --require-hashes --requirement requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): requirements-dev.lock $(CORE)
	$(BIN)/pip install --quiet --require-hashes --requirement requirements-dev.lock
	@touch $@

# The peers keep an environment of their own, with the engine's packages as locked.
$(PEERS): $(CORE)
	$(PYTHON) -m venv --clear .venv/peers
	.venv/peers/bin/pip install --quiet --require-hashes --requirement requirements.lock
	.venv/peers/bin/pip install --quiet --no-build-isolation --editable '.[peers]'
	@touch $@

$(APP): requirements-app.lock $(CORE)
	$(BIN)/pip install --quiet --require-hashes --requirement requirements-app.lock
	@touch $@
