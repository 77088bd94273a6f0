"""Models on arrays: fit, predict, save, load. Knows no tables."""
