"""Lists of tasks, and one task with its form."""
