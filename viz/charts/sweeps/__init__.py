"""The charts of a sweep's analyses: a figure for each, from what `policysim.experiments.analysis.sweeps` found.

As all charts here: units, intervals, the source and how many runs it is of, told without colours too.
"""
