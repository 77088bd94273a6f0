"""The closed loop: sources, store, features, train, evaluate, release, serve, monitor, feedback; turn.py is once round."""
