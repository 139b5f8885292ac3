"""Quality assurance of remote control: phones for tests, and sessions that are recorded as scripts and run again.

Part of the roof. `lab` runs phones and front ends in a thread; `testing` makes pytest fixtures of that.
"""
