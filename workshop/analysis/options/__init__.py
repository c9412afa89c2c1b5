"""Which option, A, B or C: each at its own best line, on the same rows."""
