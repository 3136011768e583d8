"""`banjie bench --quick` runs and gives every figure; counts are exact, ratios only loosely held: machines differ."""

import io
from contextlib import redirect_stdout
from pathlib import Path

import orjson
import pytest

from engine.cli import main
from engine.domain.errors import NotFound
from workers.rehearsal.bench import FIGURES, QUICK, Figure, due_dates, measure
from workers.rehearsal.bench_calendar import due_date_speedup

HERE = Path(__file__).parent
pytestmark = pytest.mark.xdist_group("bench")
"""One process measures, for all of these."""


@pytest.fixture(scope="module")
def figures() -> dict[str, float | None]:
    out = io.StringIO()
    with redirect_stdout(out):
        assert main(["bench", "--quick", "--json", "--folder", str(HERE)]) == 0
    return orjson.loads(out.getvalue())


def test_the_quick_form_gives_every_key(figures):
    assert list(figures) == [figure.key for figure in FIGURES]


def test_everything_but_postgres_is_measured(figures):
    assert {key for key, value in figures.items() if value is None} == {
        "completion_cost_ratio_postgres",
        "completion_wall_ms_postgres",
    }


def test_a_completion_sends_at_most_twelve_statements(figures):
    assert figures["sql_per_completion"] <= 12


def test_the_thousandth_turn_of_a_loop_costs_about_what_the_tenth_costs(figures):
    assert figures["loop_turn_1000_ratio"] < 3


def test_a_step_costs_a_small_multiple_of_bare_spiffworkflow(figures):
    assert figures["completion_cost_ratio_sqlite"] < 15
    assert figures["start_cost_ratio_sqlite"] < 15


def test_due_moments_are_computed_faster_than_by_the_other_package_and_agree_with_it(figures):
    assert figures["due_dates_per_second"] > 20_000
    assert figures["due_date_speedup"] > 10


def test_packages_that_do_not_agree_are_not_compared():
    def late(*_):
        return lambda start, amount: start + amount

    with pytest.raises(RuntimeError, match="不一致"):
        due_date_speedup(late, 20, 1)


def test_without_the_other_package_the_ratio_is_left_out_with_a_sentence(tmp_path, capsys):
    (tmp_path / "other_calendar.py").write_text("import no_such_package_at_all")
    assert set(due_dates(tmp_path, QUICK)) == {"due_dates_per_second"}
    assert "没有装 no_such_package_at_all,due_date_speedup 未测" in capsys.readouterr().err


def test_without_its_folder_the_bench_says_where_to_run_it(tmp_path):
    with pytest.raises(NotFound, match="--folder"):
        measure(tmp_path, QUICK)


@pytest.mark.parametrize(
    ("figure", "value", "holds"),
    [
        (Figure("ratio", "", 6), 5.9, True),
        (Figure("ratio", "", 6), 6.1, False),
        (Figure("rate", "", 30, more_is_better=True), 29, False),
        (Figure("ratio", "", 6), None, True),
    ],
    ids=["below the aim", "above the aim", "too slow", "not measured"],
)
def test_a_figure_knows_its_aim(figure, value, holds):
    assert figure.holds(value) is holds


def test_the_hundred_and_thirty_fifth_day_of_a_training_costs_about_what_the_first_cost(figures):
    assert figures["training_day_135_ratio"] < 3
