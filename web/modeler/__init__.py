"""Procedures in the browser: gallery, one procedure, upload, release, diagrams."""
