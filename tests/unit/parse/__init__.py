"""How bytes become entries, and how what is no feed is refused."""
