# make lab    opens JupyterLab on your own copy of the notebooks, in workbook/   (make lab ARGS="--no-browser --port=8899")
# make test   checks everything; both set up .venv first, once, and need no more than git and Python 3.10
# make help   lists the rest

.DEFAULT_GOAL := help
.PHONY: help lab test test-pythons lint notebooks bench dist lab-environment test-environment bench-environment clean

ARGS ?=
VENV ?= .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
PYTEST := $(BIN)/python -m pytest --quiet
TOGETHER := -n 2 --dist loadfile
NBVAL := --nbval --nbval-current-env --nbval-sanitize-with tests/notebooks/nbval_sanitize.cfg --nbval-cell-timeout 60

help:
	@sed -n 's/^\([a-z-]*\): .*## /make \1\t/p' Makefile | expand -t 20

lab: lab-environment ## opens JupyterLab in workbook/; what you wrote there is never overwritten
	@$(BIN)/python -m jwt_demo lab workbook -- $(ARGS)

test: test-environment ## lint, unit tests, doctests, notebooks (gate and nbval), browser tests where a browser is found
	$(BIN)/ruff check
	$(PYTEST) $(TOGETHER) -m "not browser" -rs --durations=10
	$(PYTEST) $(NBVAL) notebooks --durations=5
	$(PYTEST) -m browser --durations=5 -rs tests

test-pythons: test-environment ## the package's tests on Python 3.10 and on the newest Python of this machine
	$(BIN)/python tools/other_pythons.py

lint: test-environment ## ruff, notebook cells too
	$(BIN)/ruff check

notebooks: test-environment ## runs the notebooks and rewrites outputs that say something new (make notebooks ARGS="02 03")
	$(BIN)/python tools/refresh.py $(ARGS)

bench: bench-environment ## what the README says about speed, measured
	$(BIN)/python benchmarks/run.py $(ARGS)

dist: test-environment ## a wheel and an sdist in dist/
	$(BIN)/python -m hatchling build -d dist

clean: ## removes what make made, except workbook/
	rm -rf $(VENV) .venv-* .venv*.lock dist build .pytest_cache .ruff_cache

lab-environment test-environment bench-environment: %-environment:
	@python=$$(PYTHON="$(PYTHON)" sh tools/python.sh) && VENV="$(VENV)" "$$python" tools/environment.py $*
