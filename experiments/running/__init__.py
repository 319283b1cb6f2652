"""One runner for every design: plan, pool, store, provenance."""
