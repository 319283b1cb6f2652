"""The weekly pass on an NVIDIA card: the same rules as PTX, who lives this week, and what crosses between card and host."""
