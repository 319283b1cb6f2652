"""Levers of treatment."""
