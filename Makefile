# make lab    opens JupyterLab on your own copy of the notebooks, in workbook/   (make lab ARGS="--no-browser --port=8899")
# make test   checks everything; both set up .venv first, once, and need no more than git and Python 3.10
# make help   lists the rest

.DEFAULT_GOAL := help
.PHONY: help gallery lab test site test-site test-package mutants test-pythons test-oldest holes lint notebooks cheatsheet bench class-load hub-test hub-load noise soak fuzz dist lab-environment test-environment bench-environment hub-environment site-environment clean

ARGS ?=
VENV ?= .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
HUB := .venv-hub
SITE_VENV := .venv-site
SITE_BIN := $(SITE_VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
SITE ?= offline
MODE ?= $(SITE)
THOROUGH ?=
SHORTER := $(if $(THOROUGH),,and not thorough)
PYTEST := $(BIN)/python -m pytest --quiet
TOGETHER := -n 3 --dist loadfile  # on two cores: a third of their time is waiting
IN_BROWSERS := -n 2 --dist loadfile
NBVAL := --nbval --nbval-current-env --nbval-sanitize-with tests/notebooks/nbval_sanitize.cfg --nbval-cell-timeout 60

help:
	@sed -n 's/^\([a-z-]*\): .*## /make \1\t/p' Makefile | expand -t 20

lab: lab-environment ## opens JupyterLab in workbook/; what you wrote there is never overwritten
	@$(BIN)/python -m jwt_demo lab workbook -- $(ARGS)

test: lint ## lint, unit tests, doctests, notebooks (gate and nbval), browser tests where a browser is found (make test THOROUGH=1: all of them)
	@$(if $(THOROUGH),,echo "Left out: tests that are slow and much like what runs beside them. All of them: make test THOROUGH=1")
	$(PYTEST) $(TOGETHER) -m "not browser and not site $(SHORTER)" -rs --durations=10
	$(PYTEST) $(IN_BROWSERS) -m "(notebook or browser) $(SHORTER)" -rs --durations=10 $(NBVAL) notebooks tests/browser tests/tools

test-package: test-environment ## the package's tests alone, on this Python
	$(BIN)/python tools/other_pythons.py --this

test-pythons: test-environment ## the package's tests on Python 3.10 and on the newest Python of this machine
	$(BIN)/python tools/other_pythons.py

test-oldest: test-environment ## the package's tests on the oldest version of each requirement
	$(BIN)/python tools/oldest_versions.py

mutants: test-environment ## the exercises' checks against every mutant of every right answer; `make test` tries a sixth
	ALL_MUTANTS=1 $(PYTEST) $(TOGETHER) tests/exercises/test_mutants.py

holes: test-environment ## every probe against every server with a hole; `make test` tries the probes that must notice, and a sixteenth of the others
	ALL_HOLES=1 $(PYTEST) $(TOGETHER) tests/probes/test_holes.py tests/probes/test_examples.py

lint: test-environment ## ruff (style, in notebook cells too, and layout) and mypy (types)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

notebooks: test-environment ## runs the notebooks and rewrites outputs that say something new (make notebooks ARGS="02 03")
	$(BIN)/python tools/refresh.py $(ARGS)

cheatsheet: test-environment ## docs/cheatsheet.md as one page to print, HTML and PDF, in dist/
	$(BIN)/python tools/cheatsheet.py

bench: bench-environment ## what the README says about speed, measured
	$(BIN)/python benchmarks/run.py $(ARGS)

gallery: test-environment ## every kind of output, light and dark, as pictures and a page in dist/gallery
	PYTHONPATH=. $(BIN)/python tools/gallery.py

noise: test-environment ## ten thousand requests that are odd or broken as HTTP (make noise ARGS="--stage logout --count 1000")
	$(BIN)/python tools/raw_requests.py $(ARGS)

class-load: test-environment ## a class of thirty judged: time, memory, and with ARGS=--compare the same in kernels (make class-load ARGS="--learners 3")
	$(BIN)/python tools/class_load.py $(ARGS)

hub-test: hub-environment ## a real JupyterHub as deploy/ describes it, with two learners (needs npm; in an environment of its own, .venv-hub; CLASS_USERS=one: one user for all)
	REQUIRE_HUB=1 $(HUB)/bin/python -m pytest --quiet tests/deploy

hub-load: hub-environment ## thirty learners in that hub: how long they wait, what memory they need (make hub-load ARGS="--learners 10")
	$(HUB)/bin/python tools/hub_load.py $(ARGS)

soak: test-environment ## half an hour of good and hostile requests while workers and the store are killed (make soak ARGS="--minutes 2")
	$(BIN)/python tools/soak.py $(ARGS)

fuzz: test-environment ## fuzzing of the parsers with atheris, which has to be installed (make fuzz ARGS="token keys --seconds 60")
	$(BIN)/python tools/fuzz.py $(ARGS)

site: site-environment ## the course as a static site in dist/site, whose lessons run in a browser tab (make site MODE=hosted)
	$(SITE_BIN)/python -m website.build $(MODE)

test-site: site ## the site in a real browser: lessons, exercises, inspector; it takes minutes, so `make test` leaves it out
	$(SITE_BIN)/python -m pytest --quiet -p no:xdist -s -m site tests/site

dist: test-environment ## a wheel and an sdist in dist/
	$(BIN)/python -m hatchling build -d dist

clean: ## removes what make made, except workbook/
	rm -rf $(VENV) .venv-* .venv*.lock dist build .pytest_cache .ruff_cache .fuzz .mypy_cache

site-environment: VENV := $(SITE_VENV)
lab-environment test-environment bench-environment site-environment: %-environment:
	@python=$$(PYTHON="$(PYTHON)" sh tools/python.sh) && VENV="$(VENV)" "$$python" tools/environment.py $*

hub-environment:
	@python=$$(PYTHON="$(PYTHON)" sh tools/python.sh) && VENV="$(HUB)" "$$python" tools/environment.py test
	@$(HUB)/bin/python -c "import jupyterhub, firstuseauthenticator" 2>/dev/null || \
		if command -v uv >/dev/null; then uv pip install --quiet --python $(HUB)/bin/python -r deploy/requirements.txt; \
		else $(HUB)/bin/python -m pip install --quiet -r deploy/requirements.txt; fi
	@test -x deploy/node_modules/.bin/configurable-http-proxy || npm install --silent --no-audit --no-package-lock --prefix deploy
