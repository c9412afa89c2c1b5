"""What follows from what was given: counts, rates, intervals, policies, options.

Functions compute and return frozen values. Nothing here draws, words, prints, reads or
writes; import from the module that answers the question.
"""
