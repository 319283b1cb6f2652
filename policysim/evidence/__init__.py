"""Where numbers come from: the registry of parameters, published figures, targets."""
