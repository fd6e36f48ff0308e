"""Matching, measured on real items with queries as monitors write them, beside other programs that do the same."""
