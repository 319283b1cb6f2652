"""What the runs of a sweep say: from its table to differences, screenings, surfaces, worlds, rankings and prices."""
