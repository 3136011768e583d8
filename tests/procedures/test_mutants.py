"""Scenarios notice a procedure that is drawn differently: a sample of mutants here, all of them by `make mutate`."""

from engine.bundles import procedure_folders, procedures_root
from workers.rehearsal.mutation.run import Choice, run

SAMPLE, LEAST = 24, 90.0


def test_a_sample_of_mutants_over_all_procedures_is_noticed():
    tallies = run(list(procedure_folders(procedures_root())), Choice(sample=SAMPLE))
    killed, valid = sum(t.killed for t in tallies), sum(t.valid for t in tallies)
    assert 100 * killed >= LEAST * valid, [v.said for t in tallies for v in t.survivors]
    assert [complaint for t in tallies for complaint in t.complaints] == []
