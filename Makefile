# Two commands need nothing else installed first: `make demo` and `make test`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: help demo install test test-slow test-all test-homeassistant test-node-red test-bluez lint bench bench-long check lock clean

help:            ## this list
	@grep -hE '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: install    ## the whole service with a virtual sensor; open the address it prints
	@$(BIN)/repcount demo || [ $$? = 130 ]

install: $(VENV)/installed       ## leave .venv/bin/repcount ready

test: $(VENV)/installed-dev      ## the everyday tests, 2 to 3 minutes on two cores; they need no system package, or skip and say which
	@$(BIN)/python -m pytest -n auto --dist worksteal -m "not slow" $(PYTEST_ARGS)

test-slow: $(VENV)/installed-dev ## whole programs, brokers, browsers and collections, one at a time: some 8 minutes
	@$(BIN)/python -m pytest -m slow $(PYTEST_ARGS)

test-all: test test-slow         ## both

test-homeassistant: $(VENV)/installed-dev ## what we announce, checked by Home Assistant's own code (needs Python 3.13)
	@test -x .venv-homeassistant/bin/python || python3.13 -m venv .venv-homeassistant
	.venv-homeassistant/bin/pip install -q "homeassistant==2025.2.5" "paho-mqtt==1.6.1"
	@# paho-mqtt as its MQTT integration wants it
	REPCOUNT_HOMEASSISTANT_PYTHON=$(CURDIR)/.venv-homeassistant/bin/python $(BIN)/python -m pytest -q tests/integration/test_homeassistant.py

test-node-red: $(VENV)/installed-dev      ## the example's flow in the real Node-RED (needs node and npm)
	@test -d .node-red/node_modules/node-red || npm install --prefix .node-red --no-audit --no-fund --silent node-red@4
	REPCOUNT_NODE_RED=$(CURDIR)/.node-red/node_modules/node-red $(BIN)/python -m pytest -q tests/integration/test_examples.py

BLUEZ_DEBIAN ?= trixie
test-bluez: $(VENV)/installed-dev ## the BLE edge on a real Linux Bluetooth stack, in an emulated machine (root, once)
	@PYTHON=$(BIN)/python tests/bluez/make_image $(BLUEZ_DEBIAN) .bluez/$(BLUEZ_DEBIAN)
	@REPCOUNT_BLUEZ_IMAGE=$(CURDIR)/.bluez/$(BLUEZ_DEBIAN) $(BIN)/python -m pytest tests/bluez/test_real_bluez.py -v -s $(PYTEST_ARGS)

lint: $(VENV)/installed-dev      ## style, types, who may import whom
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports --no-logo

bench: $(VENV)/installed-dev     ## what counting costs, how well samples are timed, how soon the page shows it: some 5 minutes
	@$(BIN)/python tests/bench/bench_pipeline.py
	@$(BIN)/python tests/bench/bench_time.py
	@$(BIN)/python tests/bench/bench_page.py 2>/dev/null
	@$(BIN)/python tests/bench/bench_gym.py 2>/dev/null

bench-long: $(VENV)/installed-dev        ## the broker away for 10 minutes, the service killed 200 times: some 15 minutes
	@$(BIN)/python tests/bench/bench_outage.py 2>/dev/null
	@$(BIN)/python tests/bench/bench_outbox.py --kills 200

check: test-all lint ## everything a change must pass

lock:            ## renew the locked dependencies (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --upgrade pyproject.toml -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --upgrade --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean:           ## forget the virtual environment, the test machine and the caches
	rm -rf $(VENV) .bluez .pytest_cache .mypy_cache .ruff_cache .import_linter_cache build *.egg-info

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "repcount needs Python 3.11 or newer; $(PYTHON) is `$(PYTHON) -V`. Try: make PYTHON=python3.12" >&2; exit 2; }
	@echo "making $(VENV) ..."
	@$(PYTHON) -m venv $(VENV) || { echo "python's venv module is missing; on Debian: apt install python3-venv" >&2; rm -rf $(VENV); exit 2; }

$(VENV)/installed: $(BIN)/python requirements.lock pyproject.toml
	@echo "installing the locked dependencies ..."
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps -e .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed requirements-dev.lock
	@echo "installing the locked test tools ..."
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@
