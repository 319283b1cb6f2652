"""Setting a report on a screen: one HTML page that opens without internet."""
