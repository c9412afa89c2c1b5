# Needs Python 3.11 or newer, git and make; everything else goes into .venv.
# Another Python:  make PYTHON=python3.13 report

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
WORKERS ?= 2
SPARK := $(VENV)/.spark
DAGSTER := $(VENV)/.dagster
HUB := $(VENV)/.hub
DOCS := $(VENV)/.docs
PROXY := deploy/jupyterhub/node_modules/.installed
CHECKERS := tests/browser/node_modules/.installed
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check
NEW_ENOUGH := import sys, venv; sys.exit(sys.version_info < (3, 11))
CALLED := import sys; print("%d.%d" % sys.version_info[:2])
# One version of a package for every Python: a figure must not hang on which one it is.
RESOLVE = $(BIN)/uv pip compile --quiet --universal --fork-strategy fewest \
	--generate-hashes --no-header --python-version 3.11
# Counts are kept because nbval takes an output without a count for a cell never run.
STRIP = $(BIN)/nbstripout --keep-id --keep-count --extra-keys "$(KEYS)"
KEYS := metadata.papermill cell.metadata.papermill \
	$(addprefix metadata.language_info.,version codemirror_mode file_extension \
	mimetype nbconvert_exporter pygments_lexer)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help report lab check format strip notebooks docs site lock bench clean \
	test lint types test-quick test-code test-browser test-engines test-notebooks \
	test-python engines pipelines checkers hub

##@ Use it:

help: ## show this list
	@awk -F ':.*## ' '/^##@ / {printf "%s\n", substr($$0, 5)} \
		/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' Makefile

report: $(STAMP) ## write the readiness report of the first scenario
	@$(BIN)/workshop report privacy-assistant

lab: $(STAMP) ## open the workshop in JupyterLab
	@$(BIN)/workshop lab

##@ Change it:

check: lint types test-quick ## run this before sending a change: style, types, tests that take seconds

format: $(STAMP) ## put imports and layout in order
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format --quiet .

strip: $(STAMP) ## strip outputs from the notebooks, but those of cells tagged keep_output
	@$(STRIP) notebooks/*.ipynb

# A widget that is stored lives nowhere; what it says in plain text is kept.
WIDGET := application/vnd.jupyter.widget-view+json
UNWIDGET := import glob, nbformat as f; \
	[(n := f.read(p, 4), [o.data.pop("$(WIDGET)", 0) for c in n.cells \
	for o in c.get("outputs", ()) if "data" in o], f.write(n, p)) \
	for p in glob.glob("notebooks/*.ipynb")]

notebooks: $(STAMP) ## run the notebooks afresh and renew the outputs of checked cells
	@WORKSHOP_RECORD=privacy-assistant $(BIN)/jupyter nbconvert --log-level WARN \
		--to notebook --inplace --execute --ExecutePreprocessor.timeout=300 notebooks/*.ipynb
	@$(BIN)/python -c '$(UNWIDGET)'
	@$(MAKE) --no-print-directory strip

docs: $(STAMP) ## write the pages that are made from the code: the checks, the JSON schemas, the kit
	@$(BIN)/python -c 'from workshop.views.checks_page import markdown; \
		print(markdown(), end="")' > docs/checks.md
	@$(BIN)/python -c 'import json; from workshop.report.schema import json_schema; \
		print(json.dumps(json_schema(), indent=1, ensure_ascii=False))' \
		> docs/report.schema.json
	@$(BIN)/python -c 'import json; from workshop.report.index import json_schema; \
		print(json.dumps(json_schema(), indent=1, ensure_ascii=False))' \
		> docs/index.schema.json
	@$(BIN)/python -c 'from workshop.report.schema_page import markdown; \
		print(markdown(), end="")' > docs/schema.md
	@$(BIN)/python -c 'from pathlib import Path; from workshop.kit import documents; \
		[Path("docs/facilitator", name).write_text(text, "utf-8", newline="\n") \
		for name, text in documents().items()]'

site: $(STAMP) $(DOCS) ## build the documents as a site, in docs/_build; a link that leads nowhere stops it
	@$(BIN)/python -m sphinx -q -W -n -c docs . docs/_build
	@echo "Site: docs/_build/index.html"

lock: $(STAMP) ## resolve pyproject.toml anew into requirements.lock (UPGRADE=1: newest versions)
	@$(RESOLVE) $(if $(UPGRADE),--upgrade) --extra dev pyproject.toml -o requirements.lock
	@echo "ibis-framework[pyspark]" | $(RESOLVE) --constraint requirements.lock - \
		-o requirements-spark.lock
	@echo "dagster" | $(RESOLVE) --constraint requirements.lock - -o requirements-dagster.lock
	@echo "jupyterhub>=6" | $(RESOLVE) --constraint requirements.lock \
		--constraint requirements-dagster.lock - -o requirements-hub.lock
	@printf "furo\nmyst-parser\nsphinx>=8\n" | $(RESOLVE) --constraint requirements.lock \
		--constraint requirements-dagster.lock --constraint requirements-hub.lock - \
		-o requirements-docs.lock
	@echo "The five requirements*.lock are up to date with pyproject.toml"

bench: $(STAMP) ## measure what is meant to be fast and renew the figures page (ONLY="startup curve"; all take hours)
	@$(BIN)/python -m benchmarks.figures $(ONLY)

clean: ## remove caches and builds; never .venv, a record or a report
	@rm -rf dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis benchmarks/out
	@find workshop tests benchmarks datasets notebooks \
		\( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} +

##@ Check all of it, or one part:

test: lint types test-code test-notebooks ## run every check and every test

lint: $(STAMP) ## check style, formatting and that notebooks carry no stray output
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check . || { echo "make format puts this right"; exit 1; }
	@$(STRIP) --verify notebooks/*.ipynb || { echo "make strip puts this right"; exit 1; }

types: $(STAMP) ## check types
	@$(BIN)/mypy

QUICK := not browser and not engine and not slow
LIGHT := and not heavy
test-quick: $(STAMP) ## run the tests that take seconds: no browser, and no engine but the embedded one
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile --hypothesis-profile quick \
		-m "$(QUICK) $(LIGHT)"

test-code: $(STAMP) ## run the tests and the examples in docstrings
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile -m "not browser"
	@$(MAKE) --no-print-directory test-browser

test-browser: $(STAMP) ## run the tests that drive a browser; they need a Chromium
	@$(BIN)/python -m pytest -m browser

test-engines: $(STAMP) $(SPARK) ## run the tests on Spark, PostgreSQL and whatever else is installed apart
	@$(BIN)/python -m pytest -m engine

test-notebooks: $(STAMP) ## run the notebooks on the shipped example and compare the checked cells
	@$(BIN)/python -m pytest \
		--nbval-lax --nbval-current-env --nbval-cell-timeout=300 notebooks

test-python: ## run those on another Python, in .venv-X.Y: make test-python PYTHON=python3.13
	@$(MAKE) --no-print-directory test-quick LIGHT= \
		VENV=".venv-$$($(PYTHON) -c '$(CALLED)' 2>/dev/null)"

##@ Add what only some tests need:

engines: $(STAMP) $(SPARK) ## add Spark to .venv, for the tests that compare engines

pipelines: $(STAMP) $(DAGSTER) ## add Dagster to .venv, for the test of the worked pipeline

checkers: $(CHECKERS) ## add the HTML checker and axe, for the tests of the finished page

hub: $(STAMP) $(HUB) $(PROXY) ## add JupyterHub and its proxy, to serve a room behind them and to test that

# Spark is large, and only those who outgrew one machine want it: a lock of its own.
$(SPARK): requirements-spark.lock
	@echo "Installing Spark into .venv (a minute the first time)"
	@$(PIP) install --require-hashes --requirement requirements-spark.lock
	@touch $@

# A worked example runs on it; nothing of the workshop needs it.
$(DAGSTER): requirements-dagster.lock
	@echo "Installing Dagster into .venv"
	@$(PIP) install --require-hashes --requirement requirements-dagster.lock
	@touch $@

# What makes the site of the documents; nothing of the workshop needs it.
$(DOCS): requirements-docs.lock
	@echo "Installing Sphinx into .venv"
	@$(PIP) install --require-hashes --requirement requirements-docs.lock
	@touch $@

# A hub for those whom one machine is not enough; what it shares with Dagster is locked
# to the same versions.
$(HUB): requirements-hub.lock
	@echo "Installing JupyterHub into .venv"
	@$(PIP) install --require-hashes --requirement requirements-hub.lock
	@touch $@

$(PROXY): deploy/jupyterhub/package-lock.json
	@echo "Installing the hub's proxy into deploy/jupyterhub"
	@NODE_OPTIONS=--use-openssl-ca npm ci --prefix deploy/jupyterhub --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# Node packages that look over the finished page; nothing of them ships. Certificates
# are those that the system trusts: Node brings its own, and a proxy's is not among them.
$(CHECKERS): tests/browser/package-lock.json
	@echo "Installing the checkers of the page into tests/browser"
	@NODE_OPTIONS=--use-openssl-ca npm ci --prefix tests/browser --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# The environment: made when it is missing or broken, brought in step when the lock or
# pyproject.toml is newer than the stamp.
$(STAMP): requirements.lock pyproject.toml
	@$(BIN)/python -c 'import pip; $(NEW_ENOUGH)' 2>/dev/null || { \
		$(PYTHON) -c '$(NEW_ENOUGH)' 2>/dev/null || { \
			echo "Common Ground needs Python 3.11 or newer with venv;" \
				"'$(PYTHON)' says: $$($(PYTHON) --version 2>&1 | head -n 1)." \
				"Name another one: make PYTHON=python3.13 $(MAKECMDGOALS)" >&2; \
			exit 1; }; \
		test -w "$$(dirname "$(VENV)")" || { \
			echo "Nothing can be written here, so no $(VENV) can be made. Copy the" \
				"folder, or keep the environment elsewhere:" \
				"make VENV=\"\$$HOME/common-ground\" $(MAKECMDGOALS)" >&2; \
			exit 1; }; \
		echo "Making $(VENV) with $$($(PYTHON) --version)"; \
		$(PYTHON) -m venv --clear "$(VENV)"; }
	@echo "Installing the locked packages into $(VENV) (a minute or two the first time)"
	@$(PIP) install --require-hashes --requirement requirements.lock || { \
		echo "The packages did not arrive; the lines above say why. Behind a proxy set" \
			"HTTPS_PROXY and PIP_CERT; on a full disk make room; then run make again." >&2; \
		exit 1; }
	@echo "Installing Common Ground into $(VENV)"
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch "$@"
