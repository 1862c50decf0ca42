# `make demo` and `make test` do all the set-up on a fresh machine.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
NATIVE_SOURCES := CMakeLists.txt pyproject.toml native/ffi_build.py \
	$(shell find native/include native/src -name '*.[chS]' -o -name '*.inc')

.PHONY: demo test build
demo: build
	$(BIN)/tallystick demo

test: build
	$(BIN)/python -m pytest

build: $(STAMP)

$(STAMP): $(NATIVE_SOURCES)
	test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q -e '.[dev]'
	touch $@
