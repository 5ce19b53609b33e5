"""The worker's life: greet, evaluate steps one after the other, leave when the daemon says so or is gone."""
import os
import platform
import sys

from .channel import Channel
from .descriptors import DATA, INTERRUPTS, LIFELINE, TICKETS, lift
from .dispatch import serve
from .interrupts import Interrupts
from .kernel import Kernel
from .leaving import leave
from .loop import Loop
from .tickets import Forged, Tickets
from .waiting import Waiting


def main():
    lift()
    for descriptor in (DATA, LIFELINE):
        os.set_blocking(descriptor, True)
    loop = Loop()
    interrupts = Interrupts(INTERRUPTS, loop)
    channel = Channel(DATA, interrupts)
    waiting = Waiting(channel, lambda notebook: Kernel(channel, interrupts, loop, notebook))
    start = serve(channel, waiting.table(), until="start")
    if start is None:
        return
    kernel = waiting.kernel(start)
    kernel.start(start["nonce"])
    channel.send({"type": "started", "version": platform.python_version(), "executable": sys.executable})
    try:
        serve(channel, kernel.table(Tickets(TICKETS)), until="stop")
    except Forged:
        channel.break_off()
    leave(kernel)
