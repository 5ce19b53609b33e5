"""The worker's life: greet, evaluate steps one after the other, leave when the daemon says so or is gone."""
import os
import platform
import sys

from .channel import Channel
from .descriptors import ALL, DATA, INTERRUPTS, LIFELINE, TICKETS
from .interrupts import Interrupts
from .kernel import Kernel
from .leaving import leave
from .loop import Loop
from .tickets import Tickets
from .waiting import Waiting


def main():
    for descriptor in ALL:
        os.set_inheritable(descriptor, False)
    for descriptor in (DATA, LIFELINE):
        os.set_blocking(descriptor, True)
    loop = Loop()
    interrupts = Interrupts(INTERRUPTS, loop)
    channel = Channel(DATA, interrupts)
    waiting = Waiting(channel, lambda notebook: Kernel(channel, interrupts, loop, notebook))
    start = waiting.wait()
    if start is None:
        return
    kernel = waiting.kernel(start)
    kernel.start(start["nonce"])
    channel.send({"type": "started", "version": platform.python_version(), "executable": sys.executable})
    _serve(channel, kernel.evaluator, Tickets(TICKETS))
    leave(kernel)


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
