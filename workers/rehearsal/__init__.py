"""Procedures rehearsed under a clock that we move: scenarios (acceptance tests), the player of calls, the bench."""
