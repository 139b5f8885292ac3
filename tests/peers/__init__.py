"""Tests against programs that none of us wrote: Kamailio, PJSIP, baresip, SIPp, and pidgin-sipe.

Each test starts what it needs on free ports of loopback and ends it. A test whose program is missing is skipped and
says which; `.ci/run` installs them all. Debian 12 has kamailio (with kamailio-presence-modules, kamailio-tls-modules,
kamailio-xml-modules, kamailio-sqlite-modules), sip-tester, baresip-core, and for sipe pidgin-sipe, libpurple-dev, gcc
and pkg-config. PJSIP comes from PyPI (pjsua2-python); the variable PJSUA2_PY names an interpreter that has it.
"""
