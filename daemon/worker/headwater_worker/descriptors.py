"""The descriptors that the daemon gives to the process, beside standard output and error."""

DATA, LIFELINE, INTERRUPTS, TICKETS = ALL = (3, 4, 5, 6)
