"""Levers of society: homes, work, stigma."""
