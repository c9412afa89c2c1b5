"""Is it fast where it is meant to be, measured against what its users would pick?

Nothing here is a timed test: figures depend on the machine, so a person reads them.
"""
