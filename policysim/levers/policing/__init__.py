"""Levers of policing: search, patrol, the decision on possession, diversion, naloxone."""
