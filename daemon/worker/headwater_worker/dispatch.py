"""What is done with a message: a table has an action for each type. A process has one table until it is a kernel, and another from then on."""


def serve(channel, table, until=None):
    """Does what the table says, message by message. Returns the first one of the type `until`, or None when the daemon is gone."""
    while True:
        message = channel.read()
        if message is None or message["type"] == until:
            return message
        act(table, message)


def act(table, message):
    """A type that is not in the table is passed over: an answer, say, that came after its question had been withdrawn."""
    action = table.get(message["type"])
    return action(message) if action else None
