"""What the driven client programs share: one JSON object per line out, single words in.

A program is called as `PROGRAM COMMAND OPTIONS`, the options being one JSON object. Bytes travel as base64.
"""
import base64
import json
import queue
import sys
import threading
import traceback


def emit(event, **fields):
    """Tells the test something."""
    sys.stdout.write(json.dumps({"e": event, **fields}) + "\n")
    sys.stdout.flush()


def encode(data):
    return None if data is None else base64.b64encode(data).decode()


def decode(text):
    return None if text is None else base64.b64decode(text)


def words():
    """A queue of the words that the test says; ends with None."""
    said = queue.Queue()

    def listen():
        for line in sys.stdin:
            said.put(line.strip())
        said.put(None)

    threading.Thread(target=listen, daemon=True).start()
    return said


def emit_record(topic, partition, offset, key, value, headers, timestamp):
    emit(
        "record", topic=topic, partition=partition, offset=offset, key=encode(key), value=encode(value), timestamp=timestamp,
        headers=[[name, encode(data)] for name, data in headers or []])


def main(commands):
    """Runs the command named on the command line; an exception is told as an event, and ends with 1."""
    try:
        commands[sys.argv[1]](json.loads(sys.argv[2]))
    except Exception as error:
        traceback.print_exc()
        emit("error", message=f"{type(error).__name__}: {error}")
        sys.exit(1)
