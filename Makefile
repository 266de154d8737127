.DEFAULT_GOAL := help
PYTHON_BIN := .venv/bin
PYTEST := $(PYTHON_BIN)/python -m pytest
ARGS ?=

.PHONY: help run test lint format bench seed lock

help: ## list these commands
	@grep -E '^[a-z]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 10

run: ## set up what is missing, then start everything on this machine (PORT=8000)
	@.ci/setup run
	@exec $(PYTHON_BIN)/python manage.py run_local

test: ## set up what is missing, then run the whole suite (ARGS="tests/test_x.py -k word")
	@.ci/setup test
	@.ci/test $(ARGS)

lint: ## style, layers, templates, migrations, production settings
	@.ci/setup test
	@.ci/lint

format: ## rewrite Python and templates in the project's style
	@.ci/setup test
	@$(PYTHON_BIN)/ruff check --fix --quiet .
	@$(PYTHON_BIN)/ruff format .
	@$(PYTHON_BIN)/djlint --reformat --quiet templates

bench: ## time the heavy paths beside their peers (ARGS="upload")
	@.ci/setup test
	@$(PYTHON_BIN)/python tests/benchmarks/run.py $(ARGS)

seed: ## load the demonstration province into the database
	@.ci/setup run
	@$(PYTHON_BIN)/python manage.py migrate --verbosity 0
	@$(PYTHON_BIN)/python manage.py seed_demo

lock: ## write both requirements files anew from pyproject.toml
	@.ci/setup test
	@$(PYTHON_BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header pyproject.toml -o requirements.txt
	@$(PYTHON_BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header pyproject.toml --extra dev -c requirements.txt -o tests/requirements.txt
