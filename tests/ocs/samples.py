"""Documents as front ends and clients exchange them, and how to compare them."""

from __future__ import annotations

import re
from xml.etree import ElementTree


def same(built: bytes, expected: str) -> bool:
    """Whether two documents say the same; prefixes, order of attributes and blanks between elements do not count."""
    return _canonical(built.decode()) == _canonical(expected)


def group_added(answer: bytes) -> int:
    """The number of a new group, in the answer to the wish for one."""
    found = re.search(rb"<m:addGroup><m:groupID>([0-9]+)</m:groupID></m:addGroup>", answer)
    assert found, answer
    return int(found[1])


def _canonical(text: str) -> str:
    return ElementTree.canonicalize(text, strip_text=True, rewrite_prefixes=True)


STATE = "http://schemas.microsoft.com/2006/09/sip/state"
XSI = "http://www.w3.org/2001/XMLSchema-instance"

ROAMING_SELF = f"""<roamingData xmlns="http://schemas.microsoft.com/2006/09/sip/roaming-self">
  <categories xmlns="http://schemas.microsoft.com/2006/09/sip/categories" uri="sip:heiko@ucc.test">
    <category name="state" instance="536870912" publishTime="2009-10-27T18:40:01.220" container="2" version="3"
        expireType="static"><state xmlns="{STATE}" xmlns:xsi="{XSI}" manual="true"
        xsi:type="userState"><availability>6500</availability></state></category>
    <category name="state" instance="1" publishTime="2009-10-27T18:43:31.000" container="2" version="1"
        expireType="user"><state xmlns="{STATE}" xmlns:xsi="{XSI}" xsi:type="aggregateState"
        lastActive="2009-10-27T18:40:00.000"><availability>6500</availability></state></category>
    <category name="userProperties" instance="0" publishTime="2009-10-27T07:00:00.000" container="1" version="1"
        expireType="static"><userProperties><lines><line lineType="Uc">tel:+493055501</line></lines></userProperties>
    </category>
  </categories>
  <containers xmlns="http://schemas.microsoft.com/2006/09/sip/containers">
    <container id="32000" version="0"/><container id="400" version="0"/><container id="300" version="0"/>
    <container id="200" version="1"><member type="sameEnterprise"/></container>
    <container id="100" version="1"><member type="federated"/></container>
  </containers>
  <subscribers xmlns="http://schemas.microsoft.com/2006/09/sip/presence-subscribers">
    <subscriber user="dora@ucc.test" displayName="Dora Ost" acknowledged="false" type="sameEnterprise"/>
  </subscribers>
</roamingData>"""

CLARA = f"""<categories xmlns="http://schemas.microsoft.com/2006/09/sip/categories" uri="sip:clara@ucc.test">
  <category name="contactCard" instance="0" publishTime="2009-10-27T08:00:00.000"><contactCard
      xmlns="http://schemas.microsoft.com/2006/09/sip/contactcard"><identity><name><displayName>Clara Nord</displayName>
      </name><email>clara@ucc.test</email></identity><phone type="work"><uri>tel:+493055512</uri>
      <displayString>030 555 12</displayString></phone></contactCard></category>
  <category name="state" instance="1" publishTime="2009-10-27T18:43:31.000"><state xmlns="{STATE}" xmlns:xsi="{XSI}"
      xsi:type="aggregateState" lastActive="2009-10-27T18:40:00.000"><availability>6500</availability>
      <activity token="on-the-phone" minAvailability="6500" maxAvailability="8999"/><device>computer</device></state>
  </category>
  <category name="note" instance="0" publishTime="2009-10-27T09:00:00.000"><note
      xmlns="http://schemas.microsoft.com/2006/09/sip/note"><body type="personal" uri="">am Platz</body></note>
  </category></categories>"""

PUBLISH = f"""<publish xmlns="http://schemas.microsoft.com/2006/09/sip/rich-presence">
 <publications uri="sip:heiko@ucc.test">
  <publication categoryName="device" instance="267098" container="2" version="0" expireType="endpoint">
   <device xmlns="http://schemas.microsoft.com/2006/09/sip/device" endpointId="99e6f9d6-759c-5e9f-a994-0cf1b71dc3de">
    <capabilities preferred="false" uri="sip:heiko@ucc.test"><text capture="false" render="false" publish="false"/>
     <voice capture="true" render="true" publish="false"/></capabilities>
    <timezone>00:00:00+01:00</timezone><machineName>SNOM820</machineName></device></publication>
  <publication categoryName="state" instance="805323061" container="2" version="0" expireType="endpoint">
   <state xmlns="{STATE}" xmlns:xsi="{XSI}" manual="false" xsi:type="machineState"><availability>3500</availability>
    <endpointLocation/></state></publication>
  <publication categoryName="state" instance="805323061" container="3" version="0" expireType="endpoint">
   <state xmlns="{STATE}" xmlns:xsi="{XSI}" manual="false" xsi:type="machineState"><availability>3500</availability>
    <endpointLocation/></state></publication>
 </publications></publish>"""
