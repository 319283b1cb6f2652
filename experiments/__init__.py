"""Designs that run the model many times: comparison, calibration, validation; their runner, store and analysis."""
