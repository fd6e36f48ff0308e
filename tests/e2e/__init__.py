"""Stories of the three users, told with the real daemon, real servers and real signals."""
