"""The test messages of RFC 4475 and RFC 5118 as data: exact bytes, by the names that the RFCs give them."""
