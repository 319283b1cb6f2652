"""Institutions: ordinary Mesa agents, each with a policy that levers set; one a file."""
