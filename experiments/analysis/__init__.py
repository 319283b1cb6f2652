"""What the runs of a design say; each module is named after its design."""
