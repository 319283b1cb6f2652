"""What a regime can switch on; each lever changes what institutions do, never a person or an outcome."""
