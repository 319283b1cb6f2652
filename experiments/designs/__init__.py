"""Designs: a scenario in, runs, a table out."""
