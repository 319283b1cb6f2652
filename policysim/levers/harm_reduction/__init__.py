"""Levers of harm reduction."""
