"""A network that can be cut: whoever goes through it reaches the server until it is."""

import socket
import threading
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit


class Wire:
    """``wire.url`` leads to the server at ``url``; within ``with wire.cut():`` nothing gets through."""

    def __init__(self, url):
        self._server = (urlsplit(url).hostname, urlsplit(url).port)
        self._open = set()
        self._listen(0)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    @contextmanager
    def cut(self):
        port = self._listener.getsockname()[1]
        self.close()
        try:
            yield
        finally:
            self._listen(port)

    def close(self):
        # A listener that is only closed stays open for as long as its thread waits in accept().
        for end in (self._listener, *self._open):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._accepting.join()
        self._listener.close()

    def _listen(self, port):
        self._listener = socket.create_server(("127.0.0.1", port))
        self._accepting = threading.Thread(target=self._accept, args=[self._listener], daemon=True)
        self._accepting.start()

    def _accept(self, listener):
        with suppress(OSError):
            while True:
                ends = listener.accept()[0], socket.create_connection(self._server)
                self._open.update(ends)
                for source, sink in (ends, ends[::-1]):
                    threading.Thread(target=self._carry, args=[source, sink], daemon=True).start()

    def _carry(self, source, sink):
        with suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._open.discard(source)
        source.close()
