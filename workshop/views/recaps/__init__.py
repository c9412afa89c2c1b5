"""One module a step: its views for the notebook and its Section for the report.

A function here takes computed values and choices and gives blocks; it computes
nothing and reads no file.
"""
