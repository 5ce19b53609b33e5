"""The worker's life: greet, evaluate steps one after the other, leave when the daemon says so or is gone."""
import os
import platform
import sys

from . import origins
from .channel import Channel
from .descriptors import ALL, DATA, INTERRUPTS, LIFELINE, TICKETS
from .interrupts import Interrupts
from .kernel import Kernel
from .leaving import leave
from .loop import Loop
from .tickets import Tickets


def main():
    for descriptor in ALL:
        os.set_inheritable(descriptor, False)
    for descriptor in (DATA, LIFELINE):
        os.set_blocking(descriptor, True)
    loop = Loop()
    interrupts = Interrupts(INTERRUPTS, loop)
    channel = Channel(DATA, interrupts)
    start = _first_message(channel)
    if start is None:
        return
    kernel = Kernel(channel, interrupts, loop, start)
    kernel.start(start["nonce"])
    channel.send({"type": "started", "version": platform.python_version(), "executable": sys.executable})
    _serve(channel, kernel.evaluator, Tickets(TICKETS))
    leave(kernel)


def _first_message(channel):
    """A spare may wait for it for long, and is asked before whether it would still start the same."""
    begun = origins.look()
    message = channel.read()
    while message is not None and message["type"] == "look":
        channel.send({"type": "looked", "isAsNew": origins.look() == begun})
        message = channel.read()
    return message


def _serve(channel, evaluator, tickets):
    while True:
        message = channel.read()
        if message is None or message["type"] == "stop":
            return
        # An answer that came after its question had been taken back is nobody's.
        if message["type"] == "evaluate" and evaluator.may_follow(message["after"]) and tickets.redeem(message["ticket"]):
            evaluator.evaluate(message, lambda: _follower(channel, evaluator, tickets))


def _follower(channel, evaluator, tickets):
    """A step that was sent ahead of the end of the last one, and begins now; None when there is none."""
    message = channel.next_if(lambda message: message["type"] == "evaluate" and evaluator.may_follow(message["after"]))
    return message if message is not None and tickets.redeem(message["ticket"]) else None
