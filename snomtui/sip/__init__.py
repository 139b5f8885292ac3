"""SIP: text, transactions, dialogs and SDP (RFC 3261 and friends).

Here live the values of a message and the machines that every SIP element needs. It may import the ground floor
(`kit`, `errors`) only. It must not know who signs, what Microsoft means, what a line or a phone is: those are
higher floors. Nothing here reads a clock, a socket or a die.
"""
