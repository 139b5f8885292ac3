"""What crossed the wire, kept for people: a bounded trace, the ladder, a message in words, traces as text and pcap.

May import `auth`, `sip`, `kit` and `errors`. Must not know lines, phones, screens or files.
"""
