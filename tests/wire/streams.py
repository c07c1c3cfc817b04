"""Streams of messages and HTTP/2 connections that a test drives by hand."""

import socket
import struct
import threading


class Writer:
    """The messages of a stream, sent one by one as a test likes."""

    def __init__(self):
        self.more = threading.Condition()
        self.messages = []
        self.ended = False

    def send(self, message):
        with self.more:
            self.messages.append(message)
            self.more.notify()

    def end(self):
        with self.more:
            self.ended = True
            self.more.notify()

    def __iter__(self):
        return self

    def __next__(self):
        with self.more:
            self.more.wait_for(lambda: self.messages or self.ended)
            if self.messages:
                return self.messages.pop(0)
            raise StopIteration


class Connection:
    """HTTP/2 by hand (RFC 9113), for what no client of gRPC does; header fields are not compressed (RFC 7541, 6.2.2)."""

    DATA, HEADERS, SETTINGS, WINDOW = 0, 1, 4, 8
    END_HEADERS, END_STREAM, ACK = 4, 1, 1
    INITIAL_WINDOW_SIZE = 4

    def __init__(self, address, window=65_535):
        host, _, port = address.rpartition(":")
        self.socket = socket.create_connection((host, int(port)), timeout=20)
        self.left, self.windows, self.first, self.unread = 65_535, {}, 65_535, b""
        own = struct.pack(">HI", self.INITIAL_WINDOW_SIZE, window)
        self.socket.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + self.frame(self.SETTINGS, 0, 0, own))

    @staticmethod
    def frame(kind, flags, stream, body=b""):
        return struct.pack(">I", len(body))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + body

    @classmethod
    def headers(cls, path, stream):
        fields = {b":method": b"POST", b":scheme": b"http", b":path": path, b":authority": b"x", b"te": b"trailers"}
        fields[b"content-type"] = b"application/grpc"
        body = b"".join(b"\0" + bytes([len(k)]) + k + bytes([len(v)]) + v for k, v in fields.items())
        return cls.frame(cls.HEADERS, cls.END_HEADERS, stream, body)

    def open(self, path, count):
        """Send the headers of `count` calls, and nothing of their messages."""
        self.socket.sendall(b"".join(self.headers(path, 2 * i + 1) for i in range(count)))
        self.windows = {2 * i + 1: self.first for i in range(count)}

    def call(self, path, request):
        """Make one whole call."""
        body = b"\0" + struct.pack(">I", len(request)) + request
        self.socket.sendall(self.headers(path, 1) + self.frame(self.DATA, self.END_STREAM, 1, body))

    def half(self, size, sent):
        """Send `sent` bytes of a message of `size` on each open stream, as fast as the server's windows let."""
        left = dict.fromkeys(self.windows, sent)
        for stream in self.windows:
            self.data(stream, b"\0" + struct.pack(">I", size))
        while any(left.values()):
            waits = True
            for stream, wanted in left.items():
                part = min(wanted, self.windows[stream], self.left, 16_384)
                if part > 0:
                    self.data(stream, bytes(part))
                    left[stream] -= part
                    waits = False
            if waits:
                self.receive(left)

    def data(self, stream, body):
        self.socket.sendall(self.frame(self.DATA, 0, stream, body))
        self.left -= len(body)
        self.windows[stream] -= len(body)

    def receive(self, left):
        """Take what has come: windows grow, streams that the server ended have nothing left to send."""
        self.unread += self.socket.recv(65_536)
        while len(self.unread) >= 9 + (size := int.from_bytes(self.unread[:3], "big")):
            head, body, self.unread = self.unread[:9], self.unread[9 : 9 + size], self.unread[9 + size :]
            kind, flags, stream = head[3], head[4], int.from_bytes(head[5:], "big")
            if kind == self.WINDOW and stream:
                self.windows[stream] += int.from_bytes(body, "big")
            elif kind == self.WINDOW:
                self.left += int.from_bytes(body, "big")
            elif kind == self.HEADERS and flags & self.END_STREAM:
                left[stream] = 0
            elif kind == self.SETTINGS and not flags & self.ACK:
                found = dict(struct.iter_unpack(">HI", body))
                grown = found.get(self.INITIAL_WINDOW_SIZE, self.first) - self.first
                self.first += grown
                self.windows = {each: window + grown for each, window in self.windows.items()}
                self.socket.sendall(self.frame(self.SETTINGS, self.ACK, 0))
