"""Doors for people and programs, derived from the actions of the apps."""
