"""What is counted, what the counts are called, and the tables made of them."""
