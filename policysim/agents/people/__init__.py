"""People: the record, the roles, the order of their week, and one module for each part of life."""
