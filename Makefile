# Everything a person or a machine does with this repository. It needs make and Python 3.11 or newer, nothing else.
# `make` alone lists the targets.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help .venv .venv-newest .tree demo app check test test-newest format lint layers types bench bench-against bench-peers bench-scaling bench-sessions face-validity docs docs-site pictures \
        sensitivity effects rest baselines lock hooks release clean

VENV := .venv
VENV_NEWEST := .venv-newest
VENV_PEERS := .venv-peers
PY := $(VENV)/bin/python
POLICYSIM := $(VENV)/bin/policysim
NOW := $(shell date +%Y-%m-%d-%H%M%S)

# make test PYTEST="-k luck -x" passes options on to pytest, make demo DEMO="--one-in 100" to the comparison.
PYTEST ?=
DEMO ?=
# Tests run side by side on so many processes, at most four; WORKERS=0 runs them in this one, for a debugger.
WORKERS ?= logical
# make bench BENCH="--rules --full" measures more.
BENCH ?=

# The Python that makes .venv: the one given as PYTHON=..., or the first of these that really is 3.11 or newer with venv.
# Each candidate is tried, since one on PATH may be a version manager's shim that only exits 127; and each names the
# interpreter beneath it, since one on PATH may be that of an activated .venv, which is about to be cleared.
PYTHON ?=
CANDIDATES := $(or $(PYTHON),python3.11 python3 python3.12 python3.13 python3.14 python)
SAY_IF_USABLE := import ensurepip, sys, venv; sys.version_info >= (3, 11) and print(sys._base_executable)

# For test-newest: prints "version path" when the interpreter is a finished release from 3.13 on.
NEW_CANDIDATES := python3.19 python3.18 python3.17 python3.16 python3.15 python3.14 python3.13 python3 \
                  $(wildcard $(HOME)/.pyenv/versions/3.1[3-9]*/bin/python3)
SAY_IF_NEW := import ensurepip, sys, venv; v = sys.version_info; \
              v >= (3, 13) and v.releaselevel == "final" and print("%d.%d.%d" % v[:3], sys._base_executable)

# Whoever is free takes over what another has not begun, so that tests that share a fixture mostly stay together.
SIDE_BY_SIDE = -n $(WORKERS) --maxprocesses 4 --dist worksteal

# $(call install,FOLDER,LOCK): the dependencies of a lock, checked by hash, into a venv that is there already.
install = "$(1)/bin/python" -m pip install -qq --disable-pip-version-check --require-hashes -r $(or $(2),requirements.txt)
# $(call link,FOLDER): policysim itself, editable, so that what you change is what runs.
link = "$(1)/bin/python" -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z.-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.venv: $(VENV)/.installed  ## set up .venv with everything the project needs (the other targets do this themselves)

$(VENV)/.locked: requirements.txt
	@if [ -L "$(VENV)" ]; then \
	  echo "$(VENV) is a link to $$(readlink $(VENV)), which setting it up would empty; remove the link first" >&2; exit 1; \
	fi
	@for candidate in $(CANDIDATES); do \
	  found=$$("$$candidate" -c '$(SAY_IF_USABLE)' 2>/dev/null); \
	  [ -z "$$found" ] || break; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "policysim needs Python 3.11 or newer with its venv module, and none was found (on Debian: apt install" \
	       "python3 python3-venv); name one with: make PYTHON=/path/to/python3.11" >&2; exit 1; \
	fi; \
	echo "Setting up $(VENV) with $$("$$found" --version) (a minute or two, once)"; \
	"$$found" -m venv --clear $(VENV)
	@$(call install,$(VENV))
	@touch $@

$(VENV)/.installed: $(VENV)/.locked pyproject.toml setup.py
	@$(call link,$(VENV))
	@touch $@

demo: .venv  ## compare the five regimes in the West Midlands, into a dated folder of results/
	@$(POLICYSIM) compare west-midlands --uncertainty 6 --out results/west-midlands-$(NOW) $(DEMO)

app: .venv  ## open the page on this machine
	@$(POLICYSIM) app

check: lint layers types  ## some six minutes: format, style, layers, types and the tests that are quick
	@$(PY) -m pytest $(SIDE_BY_SIDE) -m "not slow and not browser" $(PYTEST)

test: lint layers types  ## everything: format, style, layers, types, then the whole test suite
	@$(PY) -m pytest $(SIDE_BY_SIDE) $(PYTEST)

test-newest:  ## the same suite on the newest Python from 3.13 on that this machine has
	@newest=$$(for candidate in $(NEW_CANDIDATES); do "$$candidate" -c '$(SAY_IF_NEW)' 2>/dev/null; done \
	           | sort -V | tail -n 1 | cut -d ' ' -f 2-); \
	if [ -z "$$newest" ]; then \
	  echo "No Python 3.13 or newer found on this machine: the suite was not run on one."; \
	else \
	  $(MAKE) --no-print-directory .venv-newest NEWEST="$$newest" && \
	  $(VENV_NEWEST)/bin/python -m pytest $(SIDE_BY_SIDE) $(PYTEST); \
	fi

.venv-newest: $(VENV_NEWEST)/.installed

$(VENV_NEWEST)/.locked: requirements.txt
	@echo "Setting up $(VENV_NEWEST) with $$("$(NEWEST)" --version) (a minute or two, once)"
	@"$(NEWEST)" -m venv --clear $(VENV_NEWEST)
	@$(call install,$(VENV_NEWEST))
	@touch $@

$(VENV_NEWEST)/.installed: $(VENV_NEWEST)/.locked pyproject.toml setup.py
	@$(call link,$(VENV_NEWEST))
	@touch $@

format: .venv  ## rewrite every file as the locked formatter does
	@$(PY) -m ruff format .

lint: .venv  ## check format and style with ruff
	@$(PY) -m ruff format --check . || { echo "make format writes these as they should be"; exit 1; }
	@$(PY) -m ruff check --quiet .

# What reads the code without running it cannot follow the mapped folders: it reads a tree of links in which they lie
# where they are imported from.
# Links are added and those to nothing removed, but never one that another make, beside this one, may be reading through.
.tree:
	@mkdir -p .tree/policysim
	@for part in policysim/* experiments viz configs benchmarks; do \
	  link=".tree/policysim/$$(basename $$part)"; \
	  [ -L "$$link" ] || ln -sn "../../$$part" "$$link" 2>/dev/null || [ -L "$$link" ] || exit 1; \
	done
	@for link in .tree/policysim/*; do [ -e "$$link" ] || rm -f "$$link"; done

layers: .venv .tree  ## check with import-linter that imports point downward (contracts in pyproject.toml)
	@cd .tree && ../$(VENV)/bin/lint-imports --no-logo --no-cache ../pyproject.toml

types: .venv .tree  ## check the types with mypy
	@$(PY) -m mypy

bench: .venv  ## time the model on this machine, relative to the machine's own speed
	@$(PY) -m policysim.benchmarks $(BENCH)

# make bench-against REF=main, or the bare word behind the target. BENCH="--only pass,week" measures less, --full more.
ifeq ($(firstword $(MAKECMDGOALS)),bench-against)
REF ?= $(word 2,$(MAKECMDGOALS))
.PHONY: $(word 2,$(MAKECMDGOALS))
$(word 2,$(MAKECMDGOALS)):
	@:
endif
bench-against: .venv  ## measure an earlier commit and this tree in turn: REF=COMMIT
	@$(PY) -m policysim.benchmarks.against $(REF) $(BENCH)

$(VENV_PEERS)/.installed: benchmarks/peers/requirements.txt | .venv
	@echo "Setting up $(VENV_PEERS) with Mesa, Starsim and the EMA workbench (a minute or two, once)"
	@$(PY) -m venv --clear $(VENV_PEERS)
	@$(call install,$(VENV_PEERS),$<)
	@touch $@

# make bench-scaling BENCH="--only people,threads"
bench-scaling: .venv  ## what a run costs by people, weeks, levers, threads, workers and a scheduler, as tables
	@$(PY) -m policysim.benchmarks.scaling $(BENCH)

# make bench-peers BENCH="--sizes 20000,1000000"
bench-peers: .venv $(VENV_PEERS)/.installed  ## one contagion in Mesa, Starsim, NumPy by hand and policysim
	@$(PY) -m policysim.benchmarks.peers $(BENCH)

# make bench-sessions BENCH="--sessions 10 --seconds 60"
bench-sessions: .venv  ## thirty sessions of the page at once, each comparing something else: faults, delays, memory
	@$(PY) -m policysim.benchmarks.sessions $(BENCH)

face-validity: .venv  ## print what the model says beside what is known, for a person to judge
	@$(POLICYSIM) face-validity

docs: .venv  ## write docs/transitions.md from the declared transitions, docs/sources.md from what documents ask for
	@$(PY) -m policysim.reference.transitions_page > docs/transitions.md.part && mv docs/transitions.md.part docs/transitions.md
	@$(PY) -m policysim.viz.sources_page docs/effects.csv > docs/sources.md.part && mv docs/sources.md.part docs/sources.md

# What the notebooks show in the site; each is run again when it has changed, all of them after `make clean`.
RUN_NOTEBOOKS := $(patsubst docs/%,build/%,$(wildcard docs/notebooks/*.ipynb))
build/notebooks/%.ipynb: docs/notebooks/%.ipynb | .venv
	@echo "Running $<"
	@$(PY) docs/site/run_notebook.py $< $@

# No page asks for anything elsewhere, and a warning is an error: begin with build/site/index.html, which needs no server.
docs-site: .venv $(RUN_NOTEBOOKS)  ## build the documentation with search and reference, into build/site
	@rm -rf build/site
	@$(PY) -m sphinx --quiet --fresh-env --write-all --fail-on-warning -c docs/site -d build/site-read -b html . build/site
	@echo "build/site/index.html is the first page"

pictures: .venv  ## take the pictures of the page in docs/pictures anew; some minutes, with Chromium
	@$(PY) docs/site/pictures.py

# A mark of a rule (most, lots, passing) is believed only of a text that was tried: see policysim/engine/resting.py.
TRIED := configs/rules/tried.json
rest: .venv  ## after editing a marked rule: try that people at rest live as others do, then believe its marks again
	@cp $(TRIED) $(TRIED).before
	@$(PY) -m policysim.reference.tried > $(TRIED).part && mv $(TRIED).part $(TRIED)
	@$(PY) -m pytest -q tests/engine/test_rest.py || { mv $(TRIED).before $(TRIED); exit 1; }
	@rm $(TRIED).before

# Stopped, it goes on from where it was; `make sensitivity SENSITIVITY="--trajectories 4 --one-in 100"` sees more.
SENSITIVITY ?=
sensitivity: .venv  ## screen every uncertain number and write docs/sensitivity.md; half an hour or more
	@$(POLICYSIM) sensitivity west-midlands --out results/sensitivity --expected docs/expected-to-matter.txt \
	  --page docs/sensitivity.md $(SENSITIVITY)

# One run of ten years gives the effect after five and after ten; levers of prevention go on to twenty-five. The scale and the
# seeds keep 68 levers with the other readings within twenty minutes of two processors. The few that are a part of a simulated
# person at that scale, there under some seeds and not under others, are run again over twenty, in ten minutes more.
# make effects EFFECTS="--replicates 10" takes more seeds.
EFFECTS ?=
effects: .venv  ## run every lever alone and write docs/effects.md; twenty minutes
	@$(POLICYSIM) effects west-midlands --readings all --horizons 5,10,25 --one-in 100 --replicates 5 --rare-replicates 20 --out results/effects --page docs/effects.md $(EFFECTS)

baselines: .venv  ## recompute the exact results that the tests compare with (then say why in CHANGELOG.md)
	@$(PY) tests/whole/baselines.py

# No registry, index or path of this machine may get into the lock: only names, versions, markers and hashes.
# Also the lock of those whom `make bench-peers` compares with.
# `make lock UPGRADE=` adds what is new in requirements.in and leaves every other version where it is.
UPGRADE ?= --upgrade
lock: .venv  ## compile requirements.txt from requirements.in with the newest releases in range
	@rm -rf build/lock && $(PY) -m venv build/lock
	@build/lock/bin/python -m pip install -qq --disable-pip-version-check uv
	@for lock in requirements benchmarks/peers/requirements; do \
	  build/lock/bin/python -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes $(UPGRADE) \
	    --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
	    --output-file $$lock.txt $$lock.in || exit 1; \
	done
	@rm -rf build/lock

hooks:  ## have git ask for format, style, layers and types before each commit
	@hook=$$(git rev-parse --git-path hooks/pre-commit); \
	if [ -e "$$hook" ] && ! grep -q 'lint layers types' "$$hook"; then \
	  echo "$$hook is there already, and another's: add 'make --silent lint layers types' to it yourself" >&2; exit 2; \
	fi; \
	printf '#!/bin/sh\nexec make --silent lint layers types\n' >"$$hook" && chmod +x "$$hook"; \
	echo "Each commit now begins with 'make lint layers types' ($$hook; git commit --no-verify leaves it out once)"

release: .venv  ## VERSION=0.2.0: version and date into the files that say them, the wheel into dist/, a commit and its tag
	@refuse() { echo "$$1" >&2; exit 2; }; \
	echo "$(VERSION)" | grep -qE '^[0-9]+\.[0-9]+\.[0-9]+$$' || refuse "say which version, as in: make release VERSION=0.2.0"; \
	[ -z "$$(git status --porcelain)" ] || refuse "there are changes that no commit holds: commit or stash them first"; \
	! git rev-parse -q --verify "refs/tags/v$(VERSION)" >/dev/null || refuse "v$(VERSION) is released already"; \
	sed -n '/^## Unreleased$$/,/^## [0-9]/p' CHANGELOG.md | grep -q '^- ' || refuse "CHANGELOG.md says nothing under Unreleased"
	@put() { file=$$1; shift; "$$@" <"$$file" >"$$file.new" && cat "$$file.new" >"$$file" && rm "$$file.new"; }; \
	put pyproject.toml sed 's/^version = ".*"/version = "$(VERSION)"/' && \
	put policysim/__init__.py sed 's/^__version__ = ".*"/__version__ = "$(VERSION)"/' && \
	put CITATION.cff sed 's/^version: .*/version: $(VERSION)/' && \
	put CHANGELOG.md awk -v head="## $(VERSION) - $$(date +%Y-%m-%d)" '{ print } /^## Unreleased$$/ { print "\n" head }'
	@$(PY) -m pip wheel -qq --disable-pip-version-check --no-deps --no-build-isolation -w dist .
	@git commit -qam "policysim $(VERSION)" && git tag -a "v$(VERSION)" -m "policysim $(VERSION)"
	@echo "dist/ holds the wheel; git push --follow-tags publishes the commit and its tag"

clean:  ## remove what the other targets made, except results
	@rm -rf $(VENV) $(VENV_NEWEST) $(VENV_PEERS) .tree .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage htmlcov build dist \
	  *.egg-info
