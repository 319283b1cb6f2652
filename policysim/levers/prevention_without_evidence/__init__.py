"""Levers of prevention without evidence, in the model because places buy them."""
