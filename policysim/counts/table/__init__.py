"""The rows of the table of outcomes, one file for each part of what is counted."""
