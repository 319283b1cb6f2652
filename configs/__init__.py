"""Places, regimes, scenarios and evidence: data only, read with importlib.resources."""
