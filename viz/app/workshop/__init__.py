"""Workshop mode: rounds of predicting, choosing within a budget, running and discussing, for a room of people."""
