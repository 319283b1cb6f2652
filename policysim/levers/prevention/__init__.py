"""Levers of prevention with evidence."""
