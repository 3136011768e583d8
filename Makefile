# 办结 banjie: every command a person needs. `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
CALLS := processes/hotline/mayor_hotline/examples/calls.csv
PYTEST := $(BIN)/python -m pytest

.DEFAULT_GOAL := help
.PHONY: help run test check format scenarios bench clean unit integration-sqlite integration-postgres

help: ## 列出全部命令
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-22s %s\n", $$1, $$2}'

$(READY): setup.cfg pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "办结需要 Python 3.11 或更新"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "这台机器的 Python 没有 venv:请先安装 python3-venv(Debian:apt install python3-venv)"; exit 1; }
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	@echo "安装依赖……"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

run: $(READY) ## 备好演示机构,走完一批示例来电;之后 worker 一直运行,Ctrl+C 停止
	@$(BIN)/banjie init && $(BIN)/banjie demo && $(BIN)/banjie deploy processes
	@mkdir -p var; $(BIN)/banjie worker > var/worker.log 2>&1 & worker=$$!; \
	trap 'kill -TERM $$worker 2>/dev/null; wait $$worker 2>/dev/null' EXIT; \
	$(BIN)/banjie play $(CALLS) --if-empty || exit 1; \
	if [ -t 0 ]; then echo "worker 仍在运行(日志 var/worker.log),Ctrl+C 停止"; wait $$worker; fi

test: unit integration-sqlite integration-postgres scenarios ## 全部测试:单元、架构、两种数据库、验收场景

unit: $(READY) ## 单元测试与架构测试
	$(PYTEST) tests/unit tests/architecture tests/benchmarks -n auto

integration-sqlite: $(READY) ## 集成测试(SQLite)
	$(PYTEST) tests/integration --database=sqlite -n auto

integration-postgres: $(READY) ## 集成测试(PostgreSQL,自动启动)
	$(PYTEST) tests/integration --database=postgres -n auto

scenarios: $(READY) ## 全部流程的验收场景
	$(BIN)/banjie scenario processes

check: $(READY) ## 代码检查、类型检查、导入方向、流程检查
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/banjie check processes

format: $(READY) ## 整理代码格式
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY) ## 量快慢:9 轮交错,取中位数
	$(BIN)/banjie bench

clean: ## 删掉演示数据(虚拟环境保留)
	rm -rf var
