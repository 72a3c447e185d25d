# Two commands set everything up: `make lab` opens the lab, `make test` passes the tests.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
DATA ?=
OUT ?= demo
MINUTES ?= 1
PORT ?=
WORKERS ?= 2
PAGE = src/convivo/lab/page/index.html

.PHONY: lab demo page test lint benchmarks clean

lab: $(VENV)/ready $(PAGE)
	$(BIN)/convivo lab $(if $(DATA),"$(DATA)") $(if $(PORT),--port "$(PORT)")

demo: $(VENV)/ready
	$(BIN)/convivo demo $(if $(DATA),"$(DATA)") --out "$(OUT)" --minutes $(MINUTES)

test: $(VENV)/ready-to-test $(PAGE) lint
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

lint: $(VENV)/ready-to-test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports --no-logo
	$(BIN)/mypy
	$(BIN)/python web/build.py check

page: $(PAGE)

# The page of the lab; nobody needs Node for it, because it comes from pip.
$(PAGE): $(VENV)/page-ready $(shell find web/src web/*.json web/*.ts web/index.html -type f)
	$(BIN)/python web/build.py

$(VENV)/page-ready: $(VENV)/ready
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[page]'
	@touch $@

benchmarks: $(VENV)/ready-to-test
	@echo "each of these prints a table; its first lines say what to give it:"
	@ls benchmarks/*.py | sed 's|.*|  $(BIN)/python & --help|'

# Debian keeps venv in a package of its own; everything else comes from pip and needs no root.
$(VENV)/pip-ready:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "convivo needs Python 3.11 or newer; say which with: make PYTHON=python3.11"; exit 2; }
	@$(PYTHON) -m venv $(VENV) || $(PYTHON) -m virtualenv $(VENV) || \
	  { rm -rf $(VENV); echo "type this once, then make again: sudo apt install python3-venv"; exit 2; }
	@touch $@

$(VENV)/ready: $(VENV)/pip-ready pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/ready-to-test: $(VENV)/ready
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[test]'
	@touch $@

clean:
	rm -rf $(VENV) "$(OUT)" dist src/convivo/lab/page web/node_modules
