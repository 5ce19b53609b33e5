"""Runs a program on a terminal of its own and talks with it: terminal_talk.py '[["what it says", "what is typed"], …]' PROGRAM ARGUMENT…

Prints all that the terminal showed, and exits as the program does.
"""
import json
import os
import pty
import select
import sys

SECONDS_MAX = 60


def main():
    talk, program = json.loads(sys.argv[1]), sys.argv[2:]
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp(program[0], program)
    shown = b""
    from_here = 0
    while True:
        if talk and (at := shown.find(talk[0][0].encode(), from_here)) >= 0:
            expected, typed = talk.pop(0)
            from_here = at + len(expected.encode())
            os.write(terminal, typed.encode())
            continue
        if not select.select([terminal], [], [], SECONDS_MAX)[0]:
            os.kill(pid, 9)
            break
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    sys.stdout.buffer.write(shown)
    sys.stdout.flush()
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) & 0xFF)


main()
