"""Runs for the page: in worker processes that all browser sessions share, handed over year by year while they go on."""
