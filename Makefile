# What one does with Yikao. `make help` lists the commands.
SHELL := /bin/bash
.DEFAULT_GOAL := help
TOOLS := $(CURDIR)/.cache/tools
export PATH := $(TOOLS)/bin:$(PATH)
export S3S_FS ?= $(TOOLS)/bin/s3s-fs

.PHONY: help setup setup-tests web build run test lint rust-test web-test api-test e2e e2e-running chaos chaos-test exam-day bench openapi clean-data

help: ## this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## /\1\t/' | expand -t 14

setup: ## install what running needs (idempotent)
	@scripts/setup run

setup-tests: ## install what the tests need as well (idempotent)
	@scripts/setup tests

web: ## build the web apps into web/dist
	@scripts/build-web

build: web ## build the server with the web apps inside
	cargo build --release --bin yikao

run: setup build ## start a demo on https://localhost:8443 (data in ./data)
	target/release/yikao serve --demo

test: setup-tests lint rust-test web-test api-test journeys chaos-test ## everything that must pass

lint: web
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	scripts/check-budgets
	node scripts/check-faq.mjs
	node scripts/check-requirements.mjs

rust-test: web
	cargo nextest run --workspace --no-fail-fast

web-test: web
	cd web && npm run check && npm test

api-test: web ## property-based requests against every endpoint
	cargo build --bin yikao
	scripts/api-test

.PHONY: journeys
journeys: web ## the journeys in headless Chromium that every change must pass
	cargo build --bin yikao
	cd e2e && npm test

e2e: setup-tests journeys ## all journeys, the long ones too
	cd e2e && npm run test:long

e2e-running: setup-tests ## the main journeys against what `make run` started on a fresh ./data
	cd e2e && npm run test:running

# After all others, which build the binary without the faults.
chaos-test: web ## a short run of `make chaos`, and each planted fault that must make it fail
	cargo build --bin yikao --features faults
	cd chaos && YIKAO_BIN=$(CURDIR)/target/debug/yikao npm test

chaos: setup-tests web ## kill servers, cut networks, restart phones; lose nothing
	cargo build --release --bin yikao --features faults
	cd chaos && npm run chaos

# In the profile of the tests: what it needs is built already, and a hundred thousand take two minutes.
exam-day: ## a hundred thousand candidates in virtual time, held against a second statement of the rules
	EXAM_DAY_CANDIDATES=$${EXAM_DAY_CANDIDATES:-100000} cargo test --quiet -p yikao-domain --test exam_day an_exam_day -- --nocapture

bench: setup-tests ## measure against peers and limits, in the same run
	cargo build --release -p yikao-server -p yikao-bench
	target/release/yikao-bench all

openapi: ## write openapi.json and the types made from it
	cargo run --quiet --bin yikao -- openapi > openapi.json
	cd web && npm run types

clean-data: ## forget the demo's data (asks first)
	@read -p "Delete ./data with all footage in it? [y/N] " yes && [ "$$yes" = y ] && rm -rf data
