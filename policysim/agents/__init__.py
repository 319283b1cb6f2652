"""Who acts: people in three roles, and the institutions they meet."""
