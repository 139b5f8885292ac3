"""The window in a terminal: draws snapshots, turns keys and clicks into intents (Textual).

May import everything below the windows' floor. Must not know sockets, HTTP or the other windows. Everything that
would show on a photograph of the phone comes in as a `Snapshot`; only what belongs to this terminal lives here:
the blink phase, the help overlay, the chosen arrangement. Nothing here may write to stderr: that is the screen.
"""
