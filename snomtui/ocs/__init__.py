"""How Microsoft says it: the documents of Office Communications Server 2007 ([MS-PRES], [MS-SIP], [MS-CONMGMT]).

Pure functions and frozen values, both directions: the phone and the simulated front end use the same. May import
`sip` and the ground floor. Must not know lines, timers or who is talking: nothing here remembers anything.
"""
