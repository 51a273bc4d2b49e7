#!/usr/bin/env python3
"""Logs in with one envelope, and talks to itself in a private room.

    plain_login.py PORT NAME PASSWORD

Prints "in" where that went well, or the reason of the first nack.
"""
import json
import socket
import sys
import time

port, name, password = int(sys.argv[1]), sys.argv[2], sys.argv[3]
connection = socket.create_connection(("127.0.0.1", port), timeout=20)
lines = connection.makefile("r", encoding="utf-8")


def ask(kind, number, **data):
    envelope = {
        "msg_type": kind, "sender_id": name, "data": {"request": number, **data},
        "lamport_timestamp": number, "created_at": time.time(),
    }
    connection.sendall(json.dumps(envelope).encode() + b"\n")
    for line in lines:
        answer = json.loads(line)
        if answer["data"].get("request") != number:
            continue
        if answer["msg_type"] == "nack":
            print(answer["data"]["reason"])
            sys.exit(1)
        return answer["data"]
    sys.exit("the server closed the connection")


if password:
    ask("client_discovery", 1, login={"password": password})
ask("create_join", 2, room="study of " + name, private=True)
ask("chat", 3, room="study of " + name, text="note to myself")
page = ask("history", 4, room="study of " + name)
assert page["private"] is True, page
assert [message["data"]["text"] for message in page["messages"]][-1] == "note to myself"
print("in")
