"""Published figures and the registry of parameters; see README.md beside this file."""
