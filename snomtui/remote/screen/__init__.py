"""The phone in a web browser: one page that draws the screen of a session, and sends keys and clicks back.

May import what `remote` may. Must not know who draws the screen: that comes in through two doors.
"""
