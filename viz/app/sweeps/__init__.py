"""The room in which a sweep's folder is explored: narrowed down, and seen as surface, bars, ranking and numbers."""
