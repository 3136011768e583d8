"""One step of one instance: load it under lock, let something happen, write everything that came of it."""
