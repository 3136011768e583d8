# 办结 banjie: every command a person needs. `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
CALLS := $(wildcard processes/*/*/examples/today.csv)
PYTEST := $(BIN)/python -m pytest

.DEFAULT_GOAL := help
.PHONY: help run assets web browser test check format translations scenarios mutate walks bench clean load unit integration-sqlite integration-postgres faults faults-short

help: ## 列出全部命令
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-22s %s\n", $$1, $$2}'

$(READY): setup.cfg pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "办结需要 Python 3.11 或更新"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "这台机器的 Python 没有 venv:请先安装 python3-venv(Debian:apt install python3-venv)"; exit 1; }
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	@echo "安装依赖……"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev,assets]'
	@touch $@

run: $(READY) assets ## 备好演示机构和一批走到各阶段的工单,起网页和 worker;Ctrl+C 停止
	@$(BIN)/banjie init && $(BIN)/banjie demo && $(BIN)/banjie deploy processes
	@$(BIN)/banjie play $(CALLS) --if-empty --alone --quiet
	@exec $(BIN)/banjie office

assets: $(READY) ## 网页用的脚本和样式(没有变化就什么也不做)
	@$(BIN)/python -m web.assets

test: unit integration-sqlite integration-postgres faults-short web scenarios browser ## 全部测试:单元、架构、两种数据库、断电断线、网页、验收场景、浏览器

unit: $(READY) ## 单元测试与架构测试
	$(PYTEST) tests/benchmarks tests/unit tests/architecture -n auto --dist loadgroup

integration-sqlite: $(READY) ## 集成测试(SQLite)
	$(PYTEST) tests/integration --database=sqlite -n auto

integration-postgres: $(READY) ## 集成测试(PostgreSQL,自动启动)
	$(PYTEST) tests/integration --database=postgres -n auto

faults-short: $(READY) ## 断电、断线、杀进程(短,约三分钟,两种数据库)
	$(PYTEST) tests/faults -n auto

faults: $(READY) ## 断电、断线、杀进程(长,约一小时;每种数据库至少 500 次 kill -9)
	BANJIE_FAULTS=long $(PYTEST) tests/faults -n auto --durations=10

web: $(READY) ## 网页测试(不开浏览器)
	$(PYTEST) tests/web -n auto

browser: $(READY) assets ## 浏览器测试(要有 Chromium)
	$(PYTEST) tests/browser

scenarios: $(READY) ## 全部流程的验收场景,并抽查改坏了的流程看场景发现不发现
	$(PYTEST) tests/procedures -n auto

mutate: $(READY) ## 把流程一处一处改坏,看验收场景发现不发现(全部变体)
	$(BIN)/banjie mutate processes --jobs 2

walks: $(READY) ## 随机流程上随机办理、退回(逐级、直达)、撤回、跳转(长,2,000 次)
	BANJIE_WALKS=2000 $(PYTEST) tests/integration/test_random_verbs.py --database=sqlite -n auto

check: $(READY) ## 代码检查、类型检查、导入方向、流程检查
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/banjie check processes

translations: $(READY) ## 重新提取网页的文字,列出还没有英文的
	$(BIN)/python -m web.translations

format: $(READY) ## 整理代码格式
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

load: $(READY) ## 量负载:十万个时限、网页上的整件工单(PostgreSQL,约十五分钟)
	$(BIN)/python -m tests.load.timers
	$(BIN)/python -m tests.load.orders

bench: $(READY) ## 量快慢:9 轮交错,取中位数
	$(BIN)/banjie bench

clean: ## 删掉演示数据(虚拟环境保留)
	rm -f var/banjie.db* var/*.log
