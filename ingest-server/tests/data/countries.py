"""Writes countries.mmdb beside it: a few documentation networks in the layouts that databases have.

pip install mmdb_writer==0.2.7 && python countries.py
"""

from pathlib import Path

from mmdb_writer import MMDBWriter
from netaddr import IPSet

writer = MMDBWriter(6, "Test-Country", ipv4_compatible=True)
for network, record in [
    ("198.51.100.0/24", {"country": {"iso_code": "SE"}}),
    ("2001:db8::/32", {"country": {"iso_code": "JP"}}),
    ("203.0.113.0/24", {"registered_country": {"iso_code": "BR"}}),
    ("192.0.2.0/24", {"country": "Switzerland", "country_code": "CH"}),
]:
    writer.insert_network(IPSet([network]), record)
writer.to_db_file(str(Path(__file__).with_name("countries.mmdb")))
