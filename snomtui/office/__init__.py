"""The simulated OCS 2007 R2 front end: registrar, presence, call routing, and colleagues who need no network.

Everything a phone, or a real third-party OCS client, can notice; nothing else. May import every lower floor; blind to
`phone`. Must not know sockets, clocks or dice: an `Office` is a box with the five doors of `kit.box`.
"""
