"""Tables and statements: the only home of SQLAlchemy besides queries/. Functions here answer one question or make one change."""
