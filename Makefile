# Canon: `make run` serves a show, `make test` runs every test; both install what is missing first.
SHOW ?= friends
HOST ?= 127.0.0.1
PORT ?= 8000
PYTHON ?= python3.11
PY := .venv/bin/python
export PYTHONUNBUFFERED = 1

.PHONY: help run test data graph train evaluate report bench lint clean

help:
	@sed -n 's/^## //p' Makefile

## make run [SHOW=friends] [PORT=8000]   install what is missing and serve the show at http://127.0.0.1:8000
run: .venv/installed
	$(PY) -m app $(SHOW) --host $(HOST) --port $(PORT)

## make test                             set up and run every test (tests marked `data` skip without CANON_DATA)
test: .venv/installed-dev
	$(PY) -m pytest

## make data [SHOW=friends]              fetch and parse the transcripts into build/<show>/
data: .venv/installed
	$(PY) -m parsing $(SHOW)

## make graph [SHOW=friends]             build the fact graph
graph: data
	$(PY) -m kg build $(SHOW)

## make train [SHOW=friends]             tokenizer, base, grounded stage, adapters: hours on two cores, resumable
train: graph
	$(PY) -m training all $(SHOW)

## make evaluate [SHOW=friends]          run the evaluation, write evaluation/results/*.json
evaluate: .venv/installed
	$(PY) -m evaluation all $(SHOW)

## make report                           render the tables of README.md, REPORT.md and REPORT.ru.md from evaluation/results
report: .venv/installed
	$(PY) -m evaluation report

## make bench                            seconds a reply and its steps take on this machine
bench: .venv/installed
	$(PY) -m evaluation bench $(SHOW)

## make lint                             ruff and mypy
lint: .venv/installed-dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

clean:
	rm -rf build .pytest_cache .ruff_cache .mypy_cache

.venv/installed: requirements.txt
	test -x $(PY) || $(PYTHON) -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

.venv/installed-dev: requirements-dev.txt .venv/installed
	.venv/bin/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@
