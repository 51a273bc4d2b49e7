#!/usr/bin/env python3
"""A server that has only one room, keeps nothing, and on purpose forgets or repeats one delivery.

    forgetful_server.py lose|double|nothing MESSAGE

Prints its port, then answers create_join and chat. The first connection that joined is not sent
that message, or is sent it twice.
"""
import json
import selectors
import socket
import sys

fault, message = sys.argv[1], int(sys.argv[2])
door = socket.create_server(("127.0.0.1", 0), backlog=64)
print(door.getsockname()[1], flush=True)
selector = selectors.DefaultSelector()
selector.register(door, selectors.EVENT_READ, None)
joined, index = [], 0


def line(kind, sender, data):
    return json.dumps({"msg_type": kind, "sender_id": sender, "data": data,
                       "lamport_timestamp": 1, "created_at": 1.5},
                      separators=(",", ":")).encode() + b"\n"


def deliver(push):
    for number, connection in enumerate(joined):
        copies = 1
        if number == 0 and index == message:
            copies = {"lose": 0, "double": 2, "nothing": 1}[fault]
        try:
            connection.sendall(push * copies)
        except OSError:
            pass


def answer(connection, request):
    global index
    data = request["data"]
    done = {"request": data["request"], "room": data["room"], "index": index + 1}
    connection.sendall(line("ack", "server", done))
    if request["msg_type"] == "create_join":
        joined.append(connection)
        return
    index += 1
    deliver(line("chat", request["sender_id"], {
        "room": data["room"], "text": data["text"], "index": index, "previous": index - 1}))


buffers = {}
while True:
    for key, _ in selector.select():
        if key.fileobj is door:
            connection, _ = door.accept()
            selector.register(connection, selectors.EVENT_READ, None)
            buffers[connection] = b""
            continue
        connection = key.fileobj
        more = connection.recv(65536)
        if not more:
            selector.unregister(connection)
            joined[:] = [one for one in joined if one is not connection]
            continue
        *lines, buffers[connection] = (buffers[connection] + more).split(b"\n")
        for text in lines:
            answer(connection, json.loads(text))
