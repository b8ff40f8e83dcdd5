"""A load generator: ``python -m benchmarks.load PORT PATH SECONDS CONNECTIONS`` prints the latencies as JSON.

Each connection sends its next request as soon as it has the whole answer to the last one.
"""

import json
import socket
import sys
from threading import Thread
from time import perf_counter


def ask(port: int, path: str, until: float, latencies: list[float]) -> None:
    """Send requests over one connection, and over a new one where the server has closed it."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: */*\r\n\r\n".encode()
    while perf_counter() < until:
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            keeps = True
            while keeps and perf_counter() < until:
                start = perf_counter()
                connection.sendall(request)
                keeps = answered(connection)
                latencies.append(perf_counter() - start)


def answered(connection: socket.socket) -> bool:
    """Read one answer.

    :returns: whether the server keeps the connection open.
    :raises ValueError: for any answer but a 200 with a Content-Length.
    """
    answer = b""
    while b"\r\n\r\n" not in answer:
        received = connection.recv(65536)
        if not received:
            raise ValueError(f"the connection was closed after {answer!r}")
        answer += received
    head, _, body = answer.partition(b"\r\n\r\n")
    status, *lines = head.lower().split(b"\r\n")
    headers = dict(line.split(b": ", 1) for line in lines)
    if b" 200 " not in status:
        raise ValueError(f"the answer is {status!r}")
    missing = int(headers[b"content-length"]) - len(body)
    while missing > 0:
        missing -= len(connection.recv(65536))
    return headers.get(b"connection") != b"close"


def main() -> None:
    port, path, seconds, connections = int(sys.argv[1]), sys.argv[2], float(sys.argv[3]), int(sys.argv[4])
    latencies: list[float] = []
    until = perf_counter() + seconds
    threads = [Thread(target=ask, args=(port, path, until, latencies)) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    json.dump(latencies, sys.stdout)


if __name__ == "__main__":
    main()
