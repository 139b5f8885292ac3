"""Ground floor: the stepper, timers, the doors of a box, identifiers.

May import `errors` only. Must not know SIP, the phone or any library.
"""
