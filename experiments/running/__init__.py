"""One runner for every design: what to run (plan), one seed of it, the pool, the store, provenance."""
