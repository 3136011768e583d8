"""An installation that was given no secret keeps one of its own beside its database."""

from workers.office import kept_secret


def test_it_stays_the_same_and_only_its_owner_reads_it(tmp_path):
    database = f"sqlite:///{tmp_path}/var/banjie.db"
    secret = kept_secret(database)
    assert (len(secret) >= 32, kept_secret(database)) == (True, secret)
    assert (tmp_path / "var" / "banjie.secret").stat().st_mode & 0o777 == 0o600


def test_another_database_has_another(tmp_path):
    assert kept_secret(f"sqlite:///{tmp_path}/a.db") != kept_secret(f"sqlite:///{tmp_path}/b.db")


def test_without_a_file_it_is_a_new_one_each_time():
    assert kept_secret("sqlite://") != kept_secret("sqlite://")
    assert kept_secret("postgresql+psycopg://x/y") != kept_secret("postgresql+psycopg://x/y")
