# The four commands of the house. Needs Python 3.11-3.13 and make; everything else is set up in .venv by the first of them.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
STAMP = $(VENV)/.set-up
unexport PYTHONDONTWRITEBYTECODE  # each of the many processes of the tests would compile everything anew

.PHONY: demo test collect check lint serve docs format planted clean
demo: $(STAMP)
	$(BIN)/productloop demo my-product

test: $(STAMP)
	$(BIN)/python -m pytest -n 3

collect: $(STAMP)
	$(BIN)/python -m pytest -n 0 -qq --collect-only > $(VENV)/tests.txt

check: lint
	$(BIN)/python -m pytest -n 0 tests/house

lint: $(STAMP)
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/mypy
	$(BIN)/python -m productloop.interfaces.reference --check docs

serve: $(STAMP)
	$(BIN)/productloop serve --workspace my-product

docs: $(STAMP)
	$(BIN)/python -m productloop.interfaces.reference docs

format: $(STAMP)
	$(BIN)/ruff format src tests benchmarks
	$(BIN)/ruff check --fix src tests benchmarks

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25"
	$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check --constraint constraints.txt --editable ".[dev]"
	$(BIN)/python -c "open('$(STAMP)', 'w').close()"

clean:
	$(PYTHON) -c "import shutil; [shutil.rmtree(p, ignore_errors=True) for p in ('$(VENV)', 'my-product', '.mypy_cache', '.ruff_cache', '.pytest_cache')]"

planted: $(STAMP)
	PRODUCTLOOP_SEEDS=20 $(BIN)/python -m pytest -n 0 tests/planted
