"""The box that is the phone: intents in, snapshots out.

May import the line and all floors below it. Must not know sockets, the terminal, HTTP or the front end. Whatever
would show on a photograph of the phone lives here; whatever is about this terminal lives in `ui`.
"""
