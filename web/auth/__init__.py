"""Who is asking: log-in, log-out, and the guard before every page."""
