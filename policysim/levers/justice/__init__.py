"""Levers of the justice system."""
