"""Charts, the report and the page."""
