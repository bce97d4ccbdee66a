"""Reproducible reading of political text."""
