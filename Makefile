# `make demo` and `make test` do all the set-up on a fresh machine: Python 3.11, gcc and make suffice.
# Node is optional: with it the tests that need npm tools run, without it they are skipped visibly.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
NATIVE_SOURCES := $(shell find native/include native/src -type f)
NPM := $(shell command -v npm 2>/dev/null)

.PHONY: demo test build node lint types contracts fuzz pins bench-smoke variants clean

# The last act takes two anvil nodes; without npm, or without a network, it says so and is left out.
demo: build
	$(BIN)/tallystick demo
	-@$(MAKE) --no-print-directory node
	$(BIN)/tallystick demo ormp --if-possible

# Three at a time: tests of daemons spend their time waiting for blocks.
test: build node
	$(BIN)/python -m pytest -n 3 --dist worksteal

build: $(INSTALLED)

# The library is rebuilt when a C file, the build description or the dependencies change.
$(INSTALLED): pyproject.toml CMakeLists.txt native/ffi_build.py $(NATIVE_SOURCES)
	test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

ifdef NPM
node: node_modules/.installed
node_modules/.installed: package.json package-lock.json
	npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	touch $@
else
node:
	@echo "npm not found: tests that need solc, anvil, snarkjs or circomlibjs will be skipped"
endif

lint: build
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: build
	$(BIN)/mypy

# The kernels and the prover with each variant that `make test` did not run; names those missing.
variants: build
	@for variant in $$($(BIN)/python -m native.variants untested); do \
		echo "variant $$variant:"; \
		TALLYSTICK_NATIVE=$$variant $(BIN)/python -m pytest -n 2 tests/native \
			tests/prover/test_prove.py tests/verifier/test_groth16.py \
			--ignore tests/native/test_c_internals.py || exit 1; \
	done
	@$(BIN)/python -m native.variants

# Recompile the contracts and compare them with the committed artifacts.
contracts: build node
	$(BIN)/python -m verifier.contracts.build --check

# Random arguments and random sequences of calls against the contracts; prints its seed.
ifdef NPM
fuzz: node
	FOUNDRY_CONFIG=tests/forge/foundry.toml \
		node_modules/@foundry-rs/forge-*/bin/forge test
else
fuzz:
	@echo "npm not found: the contracts are not fuzzed"
endif

# The one way to change pinned constraint counts, digests and gas; review the difference.
pins: build
	$(BIN)/python -m circuits.pins
	$(BIN)/python -m tests.verifier.measure_gas

# Every benchmark once, at its smallest size: shows that they run, measures nothing.
bench-smoke: build
	$(BIN)/python -m pytest tests/bench --override-ini addopts= -q -o python_files='bench_*.py' \
		--benchmark-disable

clean:
	rm -rf $(VENV) build node_modules .cache
