"""Pure rules and words of the domain: no IO, no database, no engine."""
