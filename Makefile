# What developers run is what CI runs.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
JOBS ?= 2
PURE := aquiver/vitals.py,dashboards/alerts/*,dashboards/boards/*,dashboards/marks/*,dashboards/queries/*,dashboards/publishing/item*.py,aquiver/model/*,aquiver/wire.py,aquiver/nights.py,aquiver/lines.py,aquiver/pillow.py,aquiver/inbox.py,aquiver/recording/*,collector/devices/*,collector/stories/*,collector/timeline.py,collector/clock.py,collector/band.py,detector/dsp/*,detector/judgement/*,detector/methods/*,detector/[a-r]*.py,detector/sc*.py,detector/sn*.py,detector/t*.py,detector/w*.py,detector/sl*.py,dashboards/summary.py,dashboards/diary/*,dashboards/notices/[flmrtw]*.py,dashboards/home/[dp]*.py,dashboards/home/st*.py,dashboards/phrases/*,aquiver/sentry/[abdfjl]*.py,aquiver/sentry/book.py,aquiver/sentry/signs.py,aquiver/units.py,aquiver/export/*,aquiver/erasure.py,dashboards/report/*,dashboards/nights/*,dashboards/page/guard.py,dashboards/page/state.py,dashboards/page/vigil.py,dashboards/page/live/[efl]*.py,dashboards/page/api/[dr]*.py
TSC := $(VENV)/node/node_modules/.bin/tsc
READY := $(VENV)/.ready
READY_DEV := $(VENV)/.ready-dev

.PHONY: night install test check accuracy accuracy-tuning judgement bench bench-page chaos load servers clean help

help: ## say what each target does
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 17

night: $(READY) ## a demo night with virtual bands, in this terminal (Ctrl-C ends it); BAND="umyo ganglion" for others
	@$(BIN)/aquiver night --demo $(addprefix --band ,$(BAND))

install: $(READY) ## create .venv and install aquiver with its virtual bands

test: $(READY_DEV) servers ## install what the tests need, then run everything, two files at a time (JOBS=1 for one)
	$(BIN)/pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder --cov --cov-report=term:skip-covered
	@$(BIN)/coverage report --fail-under=95 --include='$(PURE)' >/dev/null \
	  || (echo "The pure code must be covered to 95 % by branch:"; $(BIN)/coverage report --include='$(PURE)'; exit 1)

check: $(READY_DEV) ## format, lint, types, layers, boards
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	@if [ -e $(TSC) ]; then echo $(TSC) -p dashboards/page/types; $(TSC) -p dashboards/page/types; \
	  else echo "The page's scripts were not checked: make servers installs what checks them, where npm is."; fi
	$(BIN)/aquiver boards check

accuracy: $(READY_DEV) ## the evaluation protocol on the test seeds, once per release; writes docs/accuracy.md
	$(BIN)/python -m tests.accuracy --seeds test --page docs/accuracy.md

accuracy-tuning: $(READY_DEV) ## the same on the tuning seeds, as often as one likes; ONLY="low trains" for some
	$(BIN)/python -m tests.accuracy --seeds tuning $(if $(ONLY),--only "$(ONLY)")

bench: $(READY_DEV) servers ## ratios: detection throughput, peers, a night's file, age of a record
	$(BIN)/python -m tests.bench.bench_detector
	@$(BIN)/pip install --quiet --disable-pip-version-check -e '.[bench]' || echo "The peers cannot be installed here."
	$(BIN)/python -m tests.bench.bench_peers
	$(BIN)/python -m tests.bench.bench_night
	$(BIN)/python tests/bench/bench_age.py

bench-page: $(READY_DEV) servers ## what the page costs: processor time for 0, 1 and 10 viewers, bytes, a browser's time per frame
	PYTHONPATH=. $(BIN)/python tests/bench/bench_page.py
	PYTHONPATH=. $(BIN)/python tests/bench/bench_page_nights.py

judgement: $(READY_DEV) ## draw 9,000 stories and put the shares of false words into docs/judgement.md (ten minutes or more)
	OMP_NUM_THREADS=1 $(BIN)/python -m tests.judgement --write

chaos: $(READY_DEV) servers ## kill everything, bend the network, fill the disk, set the clock: SEED=1 MINUTES=3; ON="mosquitto night amqtt", BROKER_DOWN=600
	$(BIN)/python -m tests.chaos --seed $(or $(SEED),1) --minutes $(or $(MINUTES),3) \
	  --on "$(or $(ON),mosquitto night amqtt)" --broker-down $(or $(BROKER_DOWN),0)

load: $(READY_DEV) servers ## how many bands one core carries, how fast a backlog drains, what a week does to memory
	PYTHONPATH=. $(BIN)/python tests/bench/bench_load.py
	PYTHONPATH=. $(BIN)/python tests/bench/bench_drain.py
	PYTHONPATH=. $(BIN)/python tests/bench/bench_week.py

servers: ## install mosquitto where apt may; elsewhere the tests say what is missing
	@sh tests/servers.sh

clean: ## remove what make made
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(READY): pyproject.toml constraints.txt
	@echo "Installing aquiver into $(VENV) (once, about a minute) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[demo,fast,notify,report]'
	@$(BIN)/python -m detector.warm_up
	@touch $(READY)

$(READY_DEV): pyproject.toml constraints.txt
	@echo "Installing aquiver and its development tools into $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@$(BIN)/python -m detector.warm_up
	@touch $(READY) $(READY_DEV)
