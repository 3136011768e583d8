"""Flask: turns HTTP into commands and queries, and their answers into pages. Nothing else."""
