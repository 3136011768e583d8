"""The Python behind service tasks, and every side effect. Importing this package registers all service tasks."""

from workers import assignment, duplicates, hours, training

__all__ = ["assignment", "duplicates", "hours", "training"]
