"""The room of rules: each with its text, evidence and numbers; and one's own file of rules beside them."""
