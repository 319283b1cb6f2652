"""The command line: the door, its options, and a module for each family of commands."""
