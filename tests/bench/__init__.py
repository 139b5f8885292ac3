"""How fast the house is: `python -m tests.bench` prints a table.

These are measurements, not tests: nothing here fails because a machine is slow. What a figure is compared with (an
empty Textual app, baresip) is measured in the same run, in turns, so that the ratio holds on a busy machine too.
"""
