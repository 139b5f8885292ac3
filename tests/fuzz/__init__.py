"""Coverage-guided fuzzing: `python -m tests.fuzz message --seconds 600`, `python -m tests.fuzz token --seconds 600`.

A target takes bytes, does with them what the phone does with bytes from a stranger, and lets every exception through
that is no `RemoteError`. What it has learned (`--corpus DIR`) can be kept for the next run.
"""
