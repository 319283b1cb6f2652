"""Setting words and tables on paper: what a PDF of a report is made with."""
