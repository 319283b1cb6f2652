"""Measures that need people and not only counts."""
