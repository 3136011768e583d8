"""Every list, count and report: questions answered from one snapshot."""
