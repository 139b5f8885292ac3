"""The simulated front end's own web server: its status page for administrators, and the same as JSON.

May import `office` and all floors below, and the small pieces of `remote` that the phone's server is made of. Must not
know the phone: what it needs of the front end comes in through `doors.OfficeDoors`.
"""
