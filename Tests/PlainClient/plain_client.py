#!/usr/bin/env python3
"""A client of SyncNet that uses nothing of SyncNet's: sockets and json.

    plain_client.py --port 8000 check          walks through the client protocol
    plain_client.py --port 8000 --port 8001 --port 8002 write ROOM COUNT [--pace S]
                                               writes and goes on when servers die
    plain_client.py --port 8000 read ROOM      prints a room's messages

`write` prints "acknowledged COUNT" and, with --verify, then reads the room back and
demands each acknowledged message once and in order. Exit code 0 only if all is well.
"""
import argparse
import json
import socket
import sys
import time
import uuid


class Refused(Exception):
    """A nack."""

    def __init__(self, data):
        super().__init__(f"{data.get('reason')}: {data.get('detail')}")
        self.reason = data.get("reason")
        self.data = data


class Connection:
    """One connection; lines in, lines out."""

    def __init__(self, host, port, name, timeout=3.0):
        self.socket = socket.create_connection((host, port), timeout=timeout)
        self.socket.settimeout(timeout)
        self.name = name
        self.buffer = b""
        self.pushed = []
        self.stamp = 0

    def close(self):
        self.socket.close()

    def send_raw(self, data):
        self.socket.sendall(data)

    def send(self, kind, data):
        self.stamp += 1
        self.send_raw(json.dumps({
            "msg_type": kind, "sender_id": self.name, "data": data,
            "lamport_timestamp": self.stamp, "created_at": time.time(),
        }).encode() + b"\n")

    def line(self):
        while b"\n" not in self.buffer:
            more = self.socket.recv(65536)
            if not more:
                raise ConnectionError("the server closed the connection")
            self.buffer += more
        line, self.buffer = self.buffer.split(b"\n", 1)
        return line

    def receive(self):
        """The next envelope; checks that it is one the guide's Message would take."""
        envelope = json.loads(self.line().decode("utf-8"))
        assert set(envelope) == {
            "msg_type", "sender_id", "data", "lamport_timestamp", "created_at"}, envelope
        assert envelope["msg_type"] in {
            "heartbeat", "election", "server_discovery", "data_replication", "create_join",
            "chat", "leave", "client_discovery", "ack", "nack", "server_list"}, envelope
        assert isinstance(envelope["lamport_timestamp"], int), envelope
        assert isinstance(envelope["created_at"], (int, float)), envelope
        self.stamp = max(self.stamp, envelope["lamport_timestamp"]) + 1
        return envelope

    def answer(self):
        """The next envelope that is no push; pushes are kept."""
        while True:
            envelope = self.receive()
            if envelope["msg_type"] != "chat":
                return envelope
            self.pushed.append(envelope)

    def ask(self, kind, data):
        """Sends a request and returns the data of its answer."""
        self.send(kind, data)
        envelope = self.answer()
        if envelope["msg_type"] == "nack":
            raise Refused(envelope["data"])
        assert envelope["data"].get("request") == data.get("request"), envelope
        return envelope["data"]

    def next_push(self):
        return self.pushed.pop(0) if self.pushed else self.receive()


class Writer:
    """A session that goes on, on another server, when its server dies."""

    def __init__(self, servers, name):
        self.servers, self.name = servers, name
        self.session, self.number = str(uuid.uuid4()), 0
        self.connection, self.turn, self.reconnects = None, 0, -1

    def request(self, kind, data, patience=30.0):
        """Sends one numbered request, again and again until it is acknowledged."""
        self.number += 1
        data = dict(data, session=self.session, request=self.number)
        end = time.monotonic() + patience
        while time.monotonic() < end:
            try:
                return self.connected().ask(kind, data)
            except Refused as nack:
                if nack.reason not in ("no_leader", "overloaded", "unavailable"):
                    raise
                time.sleep(0.05)
            except (OSError, ConnectionError, socket.timeout):
                self.drop()
                time.sleep(0.02)
        raise TimeoutError(f"no server acknowledged request {self.number} in {patience} s")

    def connected(self):
        if self.connection is None:
            host, port = self.servers[self.turn % len(self.servers)]
            self.turn += 1
            self.connection = Connection(host, port, self.name)
            self.reconnects += 1
        return self.connection

    def drop(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    def history(self, room, patience=30.0):
        """All messages of a room, page by page, as a linearizable read sees them."""
        messages, after, end = [], 0, time.monotonic() + patience
        while True:
            try:
                page = self.connected().ask("history", {
                    "request": 1, "room": room, "after": after, "limit": 500,
                    "linearizable": True})
            except (Refused, OSError, ConnectionError, socket.timeout):
                if time.monotonic() > end:
                    raise
                self.drop()
                time.sleep(0.05)
                continue
            messages += page["messages"]
            if not page["more"]:
                return messages
            after = messages[-1]["data"]["index"]


def demand(condition, claim, seen=None):
    if not condition:
        print(f"not so: {claim}" + (f" (seen: {seen})" if seen is not None else ""))
        sys.exit(1)
    print(f"ok: {claim}")


def refusal(connection, kind, data):
    try:
        connection.ask(kind, data)
    except Refused as nack:
        return nack.reason
    return None


def check(servers, name):
    """Walks through the page "Client protocol" of the requirements."""
    host, port = servers[0]
    room = f"plain {uuid.uuid4().hex[:8]}"
    one = Connection(host, port, name)
    session = str(uuid.uuid4())

    joined = one.ask("create_join", {"session": session, "request": 1, "room": room})
    demand(joined["room"] == room and joined["index"] > 0, "create_join is acknowledged", joined)
    said = {"session": session, "request": 2, "room": room, "text": "héllo, wörld ✓"}
    first = one.ask("chat", said)
    demand(first["index"] > joined["index"], "chat is acknowledged with a higher index", first)
    demand(one.ask("chat", said)["index"] == first["index"],
           "the same request again is answered as before")
    push = one.next_push()
    demand(push["sender_id"] == name and push["data"]["text"] == said["text"]
           and push["data"]["index"] == first["index"] and push["data"]["room"] == room
           and push["data"]["previous"] == 0, "the message is pushed, once", push)
    plain = one.ask("chat", {"room": room, "text": "without a session"})
    demand(plain["index"] > first["index"] and "request" not in plain,
           "a client without numbers is served too", plain)
    push = one.next_push()
    demand(push["data"]["previous"] == first["index"], "previous names the message before", push)

    check_reads(one, servers, name, room, first)
    check_refusals(one, room, session)
    left = one.ask("leave", {"session": session, "request": 3, "room": room})
    demand(left["room"] == room, "leave is acknowledged", left)
    demand(refusal(one, "chat", {"session": session, "request": 4, "room": room, "text": "x"})
           == "not_joined", "who has left can't say anything there")
    check_lines(one, host, port, name)


def check_reads(one, servers, name, room, first):
    page = one.ask("history", {"request": 9, "room": room, "limit": 1})
    demand(len(page["messages"]) == 1 and page["more"] is True
           and page["messages"][0]["data"]["text"] == "without a session",
           "history gives the last messages and says that there are more", page)
    page = one.ask("history", {"request": 9, "room": room, "after": 0, "linearizable": True})
    texts = [message["data"]["text"] for message in page["messages"]]
    demand(texts == ["héllo, wörld ✓", "without a session"] and page["more"] is False,
           "history after 0 gives all, rising", page)
    page = one.ask("history", {
        "request": 9, "room": room, "before": page["messages"][1]["data"]["index"]})
    demand([m["data"]["index"] for m in page["messages"]] == [first["index"]],
           "history before an index ends there", page)
    late = Connection(*servers[-1], name + "-late")
    late.ask("create_join", {"room": room, "after": 0})
    texts = [late.next_push()["data"]["text"] for _ in range(2)]
    demand(texts == ["héllo, wörld ✓", "without a session"],
           "a late client at another server is pushed the room's past", texts)
    late.close()
    found = one.ask("client_discovery", {"request": 10})["servers"]
    demand(len(found) == len(servers) and sum(s["leader"] for s in found) == 1
           and all({"server_id", "host", "port", "leader"} <= set(s) for s in found),
           "client_discovery lists the servers and one leader", found)


def check_refusals(one, room, session):
    cases = [
        ("a chat in a room that was never joined", "not_joined",
         "chat", {"room": room + "?", "text": "x"}),
        ("a text over the limit", "too_large", "chat", {"room": room, "text": "x" * 16_385}),
        ("a room name over the limit", "too_large", "create_join", {"room": "x" * 129}),
        ("a request without a room", "bad_request", "chat", {"text": "x"}),
        ("a request with a gap before it", "gap",
         "chat", {"session": session, "request": 77, "room": room, "text": "x"}),
        ("a later number of an unknown session", "unknown_session",
         "chat", {"session": "never seen", "request": 5, "room": room, "text": "x"}),
    ]
    for what, reason, kind, data in cases:
        seen = refusal(one, kind, data)
        demand(seen == reason, f"{what} is refused: {reason}", seen)


def check_lines(one, host, port, name):
    for what, line in [
        ("no JSON", b"hello\n"), ("no envelope", b"[1,2]\n"), ("an empty line", b"\n"),
        ("broken UTF-8", b'{"msg_type":"chat","sender_id":"\xff","data":{}}\n'),
        ("a lone surrogate", b'{"msg_type":"chat","sender_id":"a","data":{"room":"\\ud800",'
         b'"text":"x"},"lamport_timestamp":1,"created_at":1.5}\n'),
    ]:
        one.send_raw(line)
        answer = one.answer()
        demand(answer["msg_type"] == "nack" and answer["data"]["reason"] == "bad_request",
               f"{what} is refused and the connection stays open", answer)
    one.send_raw(b"x" * 70_000 + b"\n")
    answer = one.answer()
    demand(answer["data"]["reason"] == "too_large", "a line over 64 KiB is refused", answer)
    try:
        one.line()
        demand(False, "and its connection is closed")
    except OSError:
        demand(True, "and its connection is closed")
    status = Connection(host, port, name, timeout=2.0)
    status.send_raw(b"STATUS_REQUEST\n")
    line = status.line()
    demand(len(line) < 1024, "STATUS_REQUEST is answered by one short line", line)
    status.close()


def write(servers, name, room, count, pace, verify):
    writer = Writer(servers, name)
    writer.request("create_join", {"room": room})
    acknowledged, slowest = [], 0.0
    for number in range(1, count + 1):
        began = time.monotonic()
        text = f"{name} {number}"
        index = writer.request("chat", {"room": room, "text": text})["index"]
        slowest = max(slowest, time.monotonic() - began)
        acknowledged.append((index, text))
        time.sleep(pace)
    print(f"acknowledged {count}, reconnects {writer.reconnects}, slowest {slowest:.2f} s")
    if not verify:
        return
    seen = [(m["data"]["index"], m["data"]["text"]) for m in writer.history(room)
            if m["sender_id"] == name]
    demand(seen == acknowledged, "every acknowledged message is there once, in order",
           f"{len(seen)} of {len(acknowledged)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, action="append", required=True)
    parser.add_argument("--name", default="plain")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check")
    writing = commands.add_parser("write")
    writing.add_argument("room")
    writing.add_argument("count", type=int)
    writing.add_argument("--pace", type=float, default=0.01)
    writing.add_argument("--verify", action="store_true")
    reading = commands.add_parser("read")
    reading.add_argument("room")
    options = parser.parse_args()
    servers = [(options.host, port) for port in options.port]
    if options.command == "check":
        check(servers, options.name)
    elif options.command == "write":
        write(servers, options.name, options.room, options.count, options.pace, options.verify)
    else:
        for message in Writer(servers, options.name).history(options.room):
            data = message["data"]
            print(f"{data['index']}\t{message['sender_id']}\t{data['text']}")


if __name__ == "__main__":
    main()
