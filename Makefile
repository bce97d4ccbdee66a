# Every target sets up what it needs first: a .venv with the packages of requirements.lock.

PYTHON ?= python3
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif
READY := .venv/ready

.DELETE_ON_ERROR:
.PHONY: help lab reports exercises grade verify texts picture test docs lint bench model lock clean

help:  ## List these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): requirements.lock pyproject.toml tools/setup.py
	@$(PYTHON) tools/setup.py
	@touch $@

lab: $(READY)  ## Open your own copies of the notebooks (work/) in JupyterLab
	@$(BIN)/sco-notes start
	@echo "JupyterLab opens in your browser, else at the address below; Control-C, twice, ends it."
	@$(BIN)/jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root) --LabApp.workspaces_dir=work/.lab \
		--notebook-dir=work --LabApp.default_url=/lab/tree/0_explore.ipynb --log-level=ERROR

reports: $(READY)  ## Build every report of reports/reports.toml into reports/html
	@$(BIN)/sco-notes reports

exercises: $(READY)  ## Write the exercises for students, and the answer key
	@$(BIN)/sco-notes exercises --key

grade: $(READY)  ## Grade a folder or zip: make grade SUBMISSIONS=folder
	@$(if $(SUBMISSIONS),,$(error say which: make grade SUBMISSIONS=folder-or-zip))
	@$(BIN)/sco-notes grade "$(SUBMISSIONS)" $(OPTIONS)

verify: $(READY)  ## Make tables and pages a second time; compare them, and the findings with the ledger
	@$(BIN)/sco-notes verify

texts: $(READY)  ## Download the UN speeches, each checked by its hash
	@$(BIN)/sco-notes texts un-debate

test: $(READY)  ## Run all tests
	@$(BIN)/python -m pytest -n auto

docs: $(READY)  ## Build the pages of the library into docs/api
	@$(BIN)/python tools/docs.py docs/api
	@$(BIN)/python tools/check_links.py docs/api

lint: $(READY)  ## Check style and types
	@$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy src

bench: $(READY)  ## Measure speed, and accuracy where the gold data are at hand
	@$(BIN)/python benchmarks/run.py $(GOLD)

model: $(READY)  ## Train the scorer linear again: make model GOLD=folder VECTORS=wheel
	@$(BIN)/python tools/train_linear.py $(GOLD) $(VECTORS)

lock: $(READY)  ## Renew requirements.lock from pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
		--python-version 3.11 --extra dev --extra lab pyproject.toml --output-file requirements.lock

picture: reports  ## Make the picture of README.md anew, with headless Chromium
	@$(BIN)/python tools/picture.py

clean:  ## Remove the reports and the environment (never data)
	rm -rf reports/html .venv
