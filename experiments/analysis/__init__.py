"""What runs say: estimates over seeds, numbers and differences in words; a module for each design that reads them."""
