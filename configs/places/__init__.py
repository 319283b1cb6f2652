"""Local authorities of England and Wales; see README.md beside this file."""
