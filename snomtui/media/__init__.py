"""Media: RTP, G.711, tones, digits, recordings, as pure functions of bytes and frames.

May import `kit` and `errors`. Must not know sockets, threads, files, the time or SIP: the shell hands all of that in.
`stream.Stream` is the front door.
"""
