"""Whatever a client sends, it gets an answer that says what was wrong, and the server is as it was before."""

import contextlib
import itertools
import json
import os
import socket
import string
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

EXAMPLES = 1500
"""Generated requests on each database, beside the written ones."""

NAUGHTY_STRINGS = [
    "",
    " ",
    "\t\r\n",
    "null",
    "undefined",
    "NaN",
    "None",
    "true",
    "-0",
    "0x10",
    "1e400",
    "1_000",
    "٣",
    "½",
    "9" * 30,
    "-" + "9" * 30,
    "a" * 200,
    "a" * 201,
    "a" * 3000,
    "' OR 1=1 --",
    "'; DROP TABLE items; --",
    '" OR ""="',
    "%",
    "%00",
    "%s%s%n",
    "{0}",
    "{{7*7}}",
    "${7*7}",
    "$(id)",
    "`id`",
    "../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "/dev/null",
    "file:///etc/passwd",
    "http://127.0.0.1:1/",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "</script>\u2028",
    "\x00",
    "a\x00b",
    "\x01\x02\x7f\x80\x9f",
    "\x1b[2J\x1b]0;x\x07",
    "\ufeff",
    "\ufffe\uffff",
    "\u200b\u200e\u202e\u2066",
    "Z\u0351\u036b\u0343a\u0329\u032b\u0347lgo",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467",
    "\u0130\u0131\u1e9e\u00df\u017f",
    "مرحبا",
    "\U0001d4af\U0001d4ee\U0001d501\U0001d4fd",
    "田中さん",
    "\ue000\U000f0000\U0010ffff",
    "(?:a+)+$",
    "((((((((((",
    "*",
    "\\",
    "\\u0000",
    "\\ud800",
    "a,b;c=d&e",
    "+++",
    "en_US.UTF-8",
    "() { :; }; echo x",
    "__class__",
    "__proto__",
    "constructor",
]

JSON_BODIES = [
    b"",
    b" ",
    b"null",
    b"true",
    b"0",
    b'"x"',
    b"[]",
    b"[[]]",
    b"[null]",
    b"{}",
    b"{",
    b"}",
    b"{]",
    b"[1,]",
    b'{"name"}',
    b'{"name":}',
    b'{"name": "x",}',
    b'{"name": "x" "price": 1}',
    b"{'name': 'x', 'price': 1}",
    b'{name: "x", price: 1}',
    b'{"name": "x", "price": 1} trailing',
    b'{"name": "x", "price": 1}{"name": "x", "price": 1}',
    b'// comment\n{"name": "x", "price": 1}',
    b'{"name": "x", "name": "y", "price": 1, "price": 2}',
    b'{"name": null, "price": null}',
    b'{"name": {"a": 1}, "price": {"a": 1}}',
    b'{"name": ["x"], "price": [1]}',
    b'{"name": true, "price": true}',
    b'{"name": 1, "price": "1"}',
    b'{"name": "x", "price": "NaN"}',
    b'{"name": "x", "price": NaN}',
    b'{"name": "x", "price": Infinity}',
    b'{"name": "x", "price": -Infinity}',
    b'{"name": "x", "price": 1e400}',
    b'{"name": "x", "price": -1e400}',
    b'{"name": "x", "price": 1e-400}',
    b'{"name": "x", "price": -0.0}',
    b'{"name": "x", "price": -1}',
    b'{"name": "x", "price": 0.00001}',
    b'{"name": "x", "price": 9999999999.9999}',
    b'{"name": "x", "price": 10000000000}',
    b'{"name": "x", "price": 9223372036854775808}',
    b'{"name": "x", "price": 18446744073709551616}',
    b'{"name": "x", "price": ' + b"9" * 400 + b"}",
    b'{"name": "x", "price": ' + b"9" * 5000 + b"}",
    b'{"name": "x", "price": 0.' + b"0" * 5000 + b"1}",
    b'{"name": "x", "price": 1e' + b"9" * 30 + b"}",
    b'{"name": "x", "price": 01}',
    b'{"name": "x", "price": +1}',
    b'{"name": "x", "price": .5}',
    b'{"name": "x", "price": 1.}',
    b'{"name": "x", "price": 0x1}',
    b'{"name": "\\ud800", "price": 1}',
    b'{"name": "\\udc00\\ud800", "price": 1}',
    b'{"name": "a\\u0000b", "price": 1}',
    b'{"name": "\\x41", "price": 1}',
    b'{"name": "\\", "price": 1}',
    b'{"name": "a\nb", "price": 1}',
    b'{"name": "\xff", "price": 1}',
    b'{"name": "\xc3", "price": 1}',
    b'{"name": "\xed\xa0\x80", "price": 1}',
    b'{"name": "\xf5\x80\x80\x80", "price": 1}',
    b'\xef\xbb\xbf{"name": "x", "price": 1}',
    '{"name": "x", "price": 1}'.encode("utf-16"),
    '{"name": "x", "price": 1}'.encode("utf-32"),
    b"\x00" * 100,
    b"\xff" * 100,
    b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
    b"[" * 101 + b"]" * 101,
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b'{"name": "x", "price": 1, "id": 7, "version": -1, "created_at": "never", "__class__": {}}',
    b'{"": "", "name": "x", "price": 1}',
    b"{" + b", ".join(b'"key%d": 1' % number for number in range(5000)) + b"}",
    b'{"name": "' + b"x" * 900_000 + b'", "price": 1}',
    b'{"name": "' + b"x" * 2_000_000 + b'", "price": 1}',
    b"[" + b", ".join([b'{"name": "x", "price": 1}'] * 1001) + b"]",
    b'[{"name": "x", "price": 1}, null, 1, [], {"name": 1}]',
]

FORM_BODIES = [
    b"name=x&price=1",
    b"name=&price=",
    b"name=%ff&price=%00",
    b"name=x&price=" + "٣".encode(),
    b"&&&===",
    b"&" * 2000,
    b"a=1&" * 2000,
    b"price=1&" + b"n" * 600_000,
    b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nx\r\n--x--\r\n',
    b'--x\r\nContent-Disposition: form-data; name="name"; filename="../x"\r\n\r\nx\r\n--x--\r\n',
    b"--x\r\nContent-Disposition: form-data\r\n\r\nx\r\n--x--\r\n",
    b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nnever ends',
    b"--x\r\n\r\n\r\n--x",
    b'--x\r\nContent-Disposition: form-data; name="n"\r\n\r\nx\r\n' * 1500 + b"--x--\r\n",
]

CONTENT_TYPES = [
    None,
    "",
    "application/json",
    "application/json; charset=utf-16",
    "application/json; charset=nonsense",
    "APPLICATION/JSON",
    "application/merge-patch+json",
    "application/problem+json",
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=\xff",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "multipart/form-data; boundary=" + "x" * 300,
    "text/plain",
    "text/xml",
    "application/octet-stream",
    "application/",
    "/",
    ";;;",
    "nonsense",
]

ACCEPTS = [
    "*/*",
    "application/json",
    "application/problem+json",
    "application/x-ndjson",
    "text/csv",
    "text/html",
    "a/b;q=x",
    ",;",
]

METHODS = [
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "PROPFIND",
    "FOO",
    "get",
    "P-!",
]

PATHS = [
    "/",
    "/api",
    "/api/",
    "/api/items",
    "/api/items/",
    "//api//items",
    "/api/items/2",
    "/api/items/0",
    "/api/items/-1",
    "/api/items/02",
    "/api/items/2.0",
    "/api/items/2/",
    "/api/items/2/../3",
    "/api/items/./2",
    "/api/items/%32",
    "/api/items/2%00",
    "/api/items/9223372036854775807",
    "/api/items/9223372036854775808",
    "/api/items/" + "9" * 30,
    "/api/items/" + "9" * 3000,
    "/api/items/\u0663".encode().decode("latin-1"),
    "/api/items/%ff",
    "/api/items;x=1",
    "/health",
    "/ready",
    "/openapi.json",
    "/docs",
    "/nowhere",
    "/static/../run.py",
    "/%2e%2e/%2e%2e/etc/passwd",
    "*",
    "http://elsewhere.example/api/items",
]

"""What every method is tried on, which leaves item 1 alone for the others."""

ARGUMENTS = ["limit", "cursor", "sort", "fields", "count", "name", "q", "min_price", "max_price", "callback", "", "x"]

HEADERS = [
    "Accept-Charset",
    "Accept-Encoding",
    "Accept-Language",
    "Access-Control-Request-Headers",
    "Access-Control-Request-Method",
    "Authorization",
    "Content-Encoding",
    "Content-Language",
    "Content-MD5",
    "Cookie",
    "Date",
    "Forwarded",
    "Host",
    "Idempotency-Key",
    "If-Match",
    "If-Modified-Since",
    "If-None-Match",
    "If-Range",
    "If-Unmodified-Since",
    "Origin",
    "Prefer",
    "Range",
    "Referer",
    "TE",
    "Upgrade",
    "User-Agent",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Prefix",
    "X-Forwarded-Proto",
    "X-HTTP-Method-Override",
    "X-Request-ID",
]

MALFORMED = [
    b"\r\n\r\n",
    b"\x00" * 100 + b"\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200 + b"\r\n\r\n",
    b"GET\r\n\r\n",
    b"GET /\r\n\r\n",
    b"GET / HTTP/0.9\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET / HTTP/1.1 more\r\n\r\n",
    b"GET  /health  HTTP/1.1\r\n\r\n",
    b"GET /health?\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /health\xff HTTP/1.1\r\nHost: x\r\n\r\n",
    b"G\x00T /health HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET " + b"/" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"A" * 20_000 + b" / HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /health HTTP/1.1\r\nno colon\r\n\r\n",
    b"GET /health HTTP/1.1\r\n: no name\r\n\r\n",
    b"GET /health HTTP/1.1\r\nHost : space\r\n\r\n",
    b"GET /health HTTP/1.1\r\nHost: a\r\n b\r\n\r\n",
    b"GET /health HTTP/1.1\r\nHost: a\x00b\r\n\r\n",
    b"GET /health HTTP/1.1\r\nHost: a\nX: b\r\n\r\n",
    b"GET /health HTTP/1.1\r\nH\xff: a\r\n\r\n",
    b"GET /health HTTP/1.1\r\nX: " + b"x" * 20_000 + b"\r\n\r\n",
    b"GET /health HTTP/1.1\r\n" + b"X: x\r\n" * 500 + b"\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"POST /api/items HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    b"POST /api/items HTTP/1.1\r\nContent-Length: x\r\n\r\n",
    b"POST /api/items HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
    b"POST /api/items HTTP/1.1\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST /api/items HTTP/1.1\r\nContent-Length: " + b"9" * 40 + b"\r\n\r\n{}",
    b"POST /api/items HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    b"POST /api/items HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n{}\r\n0\r\n\r\n",
    b"POST /api/items HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + b"f" * 40 + b"\r\n{}\r\n0\r\n\r\n",
    b"POST /api/items HTTP/1.1\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    b"POST /api/items HTTP/1.1\r\nTransfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
    b"POST /api/items HTTP/1.1\r\nExpect: nonsense\r\nContent-Length: 2\r\n\r\n{}",
    b"GET /api/items?token=sekrit HTTP/9.9\r\nHost: x\r\n\r\n",
    b"GET /api/items?token=sekrit more HTTP/1.1\r\nHost: x\r\n\r\n",
    b"G\xffT /api/items?token=sekrit HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /api/items HTTP/1.1\r\nHost: x\r\nAuthorization Bearer sekrit\r\n\r\n",
    b"GET /api/items HTTP/1.1\r\nHost: x\r\nAuthorization sekrit: Bearer\r\n\r\n",
    b"GET /api/items HTTP/1.1\r\nHost: x\r\nX: a\r\n sekrit\r\n\r\n",
    b"GET /api/items HTTP/1.1\r\nHost: x\r\nExpect: sekrit\r\n\r\n",
    b"GET /api/items HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: sekrit\r\n\r\n",
]

CHUNKED = b"POST /api/items HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
BROKEN_CHUNKS = [
    b"zz\r\nsekrit\r\n0\r\n\r\n",
    b"\r\nsekrit\r\n0\r\n\r\n",
    b"-6\r\nsekrit\r\n0\r\n\r\n",
    b"+6\r\nsekrit\r\n0\r\n\r\n",
    b"0x6\r\nsekrit\r\n0\r\n\r\n",
    b"6_0\r\nsekrit\r\n0\r\n\r\n",
    b"\xd9\xa6\r\nsekrit\r\n0\r\n\r\n",
    b"5\r\nsekrit\r\n0\r\n\r\n",
    b"6;\x00=\xff\r\nsekrit\r\n0\r\n\r\n",
    b"6\r\nsekrit\r\nsekrit\r\n\r\n",
    b"6\r\nsekrit\r\n0\r\nsekrit trailer\r\n\r\n",
    b"f" * 9000 + b"\r\nsekrit\r\n0\r\n\r\n",
]

NO_UTF8 = [b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"%ff", b"%ed%a0%80"]

LINE = 8000
"""Characters of a header line, of which the server takes 8190."""

FILLINGS = [
    " ",
    "\t",
    "\t ",
    ",",
    ", ",
    '"',
    '\\"',
    "\\",
    ";",
    "=",
    ";q=",
    ";a=",
    "a,",
    "a/b,",
    'W/"a",',
    '"a",',
    "(",
    "%",
    "a ",
]

PARSED = {
    "Accept": ("GET", "/api/items"),
    "Accept-Charset": ("GET", "/api/items"),
    "Accept-Encoding": ("GET", "/api/items"),
    "Accept-Language": ("GET", "/api/items"),
    "Access-Control-Request-Headers": ("OPTIONS", "/api/items"),
    "Authorization": ("POST", "/api/items"),
    "Cache-Control": ("GET", "/docs"),
    "Content-Encoding": ("POST", "/api/items"),
    "Content-Type": ("POST", "/api/items"),
    "Cookie": ("GET", "/api/items"),
    "Host": ("GET", "/api/items"),
    "Idempotency-Key": ("POST", "/api/items"),
    "If-Match": ("PUT", "/api/items/1"),
    "If-Modified-Since": ("GET", "/openapi.json"),
    "If-None-Match": ("GET", "/api/items/1"),
    "If-Range": ("GET", "/_restwell/page.js"),
    "Origin": ("GET", "/api/items"),
    "Range": ("GET", "/_restwell/page.js"),
    "Referer": ("GET", "/api/items"),
    "X-Forwarded-For": ("GET", "/api/items"),
    "X-Forwarded-Host": ("GET", "/api/items"),
    "X-Forwarded-Prefix": ("GET", "/api/items"),
    "X-Forwarded-Proto": ("GET", "/api/items"),
    "X-Request-ID": ("GET", "/api/items"),
}
"""Headers that somebody parses on the way of a request, each with a request that has it parsed."""

BEGINNINGS = {
    "Accept": ["", "text/html", "text/html;q=0.5", "application/problem+json", "application/x-ndjson"],
    "Authorization": ["", "Basic ", "Bearer ", "Digest a="],
    "Content-Type": ["application/json", "multipart/form-data; boundary="],
    "Cookie": ["", 'a="', "session="],
    "If-Match": ["", 'W/"'],
    "If-None-Match": ["", 'W/"'],
    "Range": ["bytes="],
}
"""What stands before a filling, where a value of its own way is parsed."""

TICKS = os.sysconf("SC_CLK_TCK")

LONGER = 0.05
"""Seconds of processor time that a request may take longer than one of the same size in which nothing is parsed."""


class Client:
    """A client that writes its requests byte by byte, as no library would let it."""

    def __init__(self, port):
        self.port = port
        self.socket = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self.socket is not None:
            self.socket.close()
        self.socket = None

    def ask(self, method, target, headers, body):
        """Send a request.

        :returns: the response and its body.
        """
        lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)]
        if not any(name == "Host" for name, _ in headers):
            lines.append("Host: localhost")
        if body is not None:
            lines.append(f"Content-Length: {len(body)}")
        request = "\r\n".join([*lines, "", ""]).encode("latin-1") + (body or b"")
        if self.socket is not None:  # kept alive, but maybe not any more
            with contextlib.suppress(OSError, HTTPException):
                return self._exchange(request, method)
            self.close()
        return self._exchange(request, method)

    def _exchange(self, request, method):
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # answered before all of it was sent
            self.socket.sendall(request)
        response = HTTPResponse(self.socket, method=method)
        response.begin()
        content = response.read()
        if response.will_close:
            self.close()
        return response, content


def check(response, content, method, accept):
    """The answer is no failure, and what it says is well-formed."""
    status = response.status
    assert 200 <= status < 500, content
    if response.headers["X-Request-ID"] is None:
        assert status in (400, 414, 417, 431), "only a request that is no HTTP does not reach the application"
        return
    if method == "HEAD" or status in (204, 304) or (method, status) == ("OPTIONS", 200):
        assert content == b""
        return
    content_type = response.headers.get_content_type()
    if content_type == "application/x-ndjson":
        for line in content.splitlines():
            json.loads(line)
    elif content_type == "text/html":
        assert "html" in accept or status < 400  # the page of a resource or of the description, or a redirect
    else:
        assert content_type in ("application/json", "application/problem+json")
        body = json.loads(content, parse_constant=pytest.fail)
        if status >= 400:
            assert body["status"] == status
            keys = ("title", "detail") if content_type == "application/problem+json" else ("error", "message")
            assert all(body[key] for key in keys)


def header_safe(text):
    """The text as a header can carry it: its UTF-8 without control characters."""
    encoded = text.encode("utf-8", "surrogatepass").decode("latin-1")
    return "".join(character for character in encoded if character >= " " and character != "\x7f")


def written_requests():
    """The written corpus, each request as (method, target, headers, body)."""
    json_type, form_type = (
        [("Content-Type", "application/json")],
        [("Content-Type", "application/x-www-form-urlencoded")],
    )
    for body in JSON_BODIES:
        yield from (("POST", "/api/items", json_type, body), ("PUT", "/api/items/1", json_type, body))
        yield ("PATCH", "/api/items/1", [("Content-Type", "application/merge-patch+json")], body)
    for body, content_type in itertools.product(
        FORM_BODIES, ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x")
    ):
        yield ("POST", "/api/items", [("Content-Type", content_type)], body)
    for content_type in filter(None, CONTENT_TYPES):
        for body in (b'{"name": "x", "price": 1}', b"name=x&price=1", b"\xff\x00", b""):
            yield ("POST", "/api/items", [("Content-Type", content_type)], body)
    for method, path in itertools.product(METHODS, PATHS):
        yield (method, path, [], None)
    for text in NAUGHTY_STRINGS:
        encoded = quote(text, safe="")
        yield ("POST", "/api/items", json_type, json.dumps({"name": text, "price": text}).encode())
        yield ("POST", "/api/items", json_type, json.dumps({"name": text, "price": 1}).encode())
        yield ("POST", "/api/items", form_type, f"name={encoded}&price={encoded}".encode())
        yield ("GET", f"/api/items/{encoded}", [], None)
        yield from (("GET", f"/api/items?{name}={encoded}", [], None) for name in ARGUMENTS)
        yield from (("GET", "/api/items/1", [(name, header_safe(text))], None) for name in HEADERS if name != "Host")
    for header, value in itertools.product(("Accept", "Origin", "Cookie"), (*ACCEPTS, "a=b; c", "=;=;", "x" * 4000)):
        yield ("GET", "/api/items", [(header, value)], None)


texts = st.sampled_from(NAUGHTY_STRINGS) | st.text(max_size=30)
numbers = st.integers() | st.floats() | st.sampled_from([1e308, 5e-324, 2**63, 2**64, 10**400, -(2**63) - 1])
documents = st.recursive(
    st.none() | st.booleans() | numbers | st.text(max_size=20),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(max_size=10), children, max_size=4),
    max_leaves=8,
)
items = st.fixed_dictionaries(
    {}, optional={"name": documents | texts, "price": documents | numbers, "version": documents}
)
json_bodies = (items | documents | st.lists(items, max_size=3)).map(lambda document: json.dumps(document).encode())


@st.composite
def cut_or_changed(draw, bodies):
    """A body that lost its end or had some of its bytes replaced."""
    body = bytearray(draw(bodies))
    for _ in range(draw(st.integers(1, 3))):
        if body:
            body[draw(st.integers(0, len(body) - 1))] = draw(st.integers(0, 255))
    return bytes(body[: draw(st.integers(0, len(body)))])


targets = st.builds(
    lambda path, query: path + (f"?{query}" if query is not None else ""),
    st.sampled_from(PATHS)
    | st.builds("/api/items/{}".format, texts.map(lambda text: quote(text, safe="/", errors="replace"))),
    st.none()
    | st.lists(st.tuples(st.sampled_from(ARGUMENTS), texts), max_size=5).map(
        lambda pairs: "&".join(f"{name}={quote(text, safe='', errors='replace')}" for name, text in pairs)
    )
    | st.text(st.sampled_from(string.ascii_letters + "%&=;+?/[]_-"), max_size=40),
)
headers = st.lists(
    st.tuples(st.sampled_from(HEADERS), (texts | st.text(st.characters(codec="latin-1"))).map(header_safe))
    | st.tuples(st.just("Accept"), st.sampled_from(ACCEPTS))
    | st.tuples(st.just("Content-Type"), st.sampled_from(CONTENT_TYPES[1:]) | texts.map(header_safe)),
    max_size=5,
    unique_by=lambda header: header[0],
)
json_type = st.just([("Content-Type", "application/json")])
any_requests = st.tuples(
    st.sampled_from(METHODS),
    targets,
    headers,
    st.none() | json_bodies | cut_or_changed(json_bodies) | st.binary(max_size=99),
)
json_requests = st.tuples(
    st.sampled_from(["POST", "PUT", "PATCH"]),
    st.sampled_from(["/api/items", "/api/items/1"]),
    json_type,
    json_bodies | cut_or_changed(json_bodies),
)


def memory(server):
    """Bytes that the workers hold."""
    pages = sum(int(Path(f"/proc/{worker}/statm").read_text().split()[1]) for worker in server.workers)
    return pages * os.sysconf("SC_PAGE_SIZE")


def descriptors(server):
    """How many files and connections the workers have open."""
    return sum(len(os.listdir(f"/proc/{worker}/fd")) for worker in server.workers)


def test_hostile_requests_are_answered_and_leave_the_server_as_it_was(serve, database_url, wait_until):
    server = serve(database_url, DATABASE_POOL_SIZE="1")  # a second connection would be no leak
    with Client(server.port) as client:

        def ask(method, target, sent, body):
            response, content = client.ask(method, target, sent, body)
            check(response, content, method, dict(sent).get("Accept", ""))

        @settings(max_examples=EXAMPLES // 2, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(any_requests | json_requests)
        def generated(request):
            ask(*request)

        def all_requests():
            generated()
            for request in written_requests():
                ask(*request)
            client.close()

        ask("POST", "/api/items", [("Content-Type", "application/json")], b'{"name": "x", "price": 1}')
        all_requests()  # after which each worker has its connection to the database
        workers, descriptors_before, memory_before = server.workers, descriptors(server), memory(server)
        all_requests()
    assert server.workers == workers
    wait_until(lambda: descriptors(server) <= descriptors_before)
    assert memory(server) - memory_before < 32 * 2**20
    assert "Traceback" not in server.log


def test_bytes_that_are_no_http_are_refused_and_harm_nobody(serve, tmp_path):
    server = serve(f"sqlite:///{tmp_path}/items.db", GUNICORN_CLIENT_TIMEOUT="1")
    for request in MALFORMED:
        connection = socket.create_connection(("127.0.0.1", server.port), timeout=10)
        with connection, contextlib.suppress(ConnectionResetError, BrokenPipeError):
            connection.sendall(request)
            answer = connection.recv(12)
            # RFC 9112, section 6.1: 501 to a transfer coding that the server does not know.
            assert answer[:10] in (b"", b"HTTP/1.1 4") or answer == b"HTTP/1.1 501", request[:100]
    with Client(server.port) as client:
        response, _ = client.ask("GET", "/ready", [], None)
        assert response.status == 200
    assert "Traceback" not in server.log
    assert "sekrit" not in server.log


def answer_to(server, request):
    """The status line of the answer to bytes; empty where the connection was closed."""
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    with connection, contextlib.suppress(ConnectionResetError, BrokenPipeError):
        connection.sendall(request)
        return connection.recv(12)
    return b""


def test_broken_chunks_are_a_bad_request_and_one_line_of_the_log(serve, tmp_path, wait_until):
    server = serve(f"sqlite:///{tmp_path}/items.db", GUNICORN_CLIENT_TIMEOUT="1")
    for chunks in BROKEN_CHUNKS:
        assert answer_to(server, CHUNKED + chunks) == b"HTTP/1.1 400", chunks[:50]
    of_the_start = ("INFO gunicorn.error", "GET /health", "API_TOKENS is not set")

    def lines():
        return [line for line in server.log.splitlines() if not any(text in line for text in of_the_start)]

    wait_until(lambda: len(lines()) >= len(BROKEN_CHUNKS))
    assert all("POST /api/items 400" in line for line in lines()), lines()
    assert len(lines()) == len(BROKEN_CHUNKS)
    assert "sekrit" not in server.log


def test_bytes_that_are_no_utf8_are_harmless_wherever_they_stand(serve, tmp_path):
    server = serve(f"sqlite:///{tmp_path}/items.db", SECRET_KEY="123456789", API_TOKENS="token", TRUSTED_PROXIES="1")
    for octets in NO_UTF8:
        for target in (b"/api/items/%b", b"/api/items?name=%b", b"/api/items?%b=1", b"/api/items?cursor=%b", b"/%b"):
            request = b"GET %b HTTP/1.1\r\nHost: x\r\n\r\n" % target.replace(b"%b", octets)
            assert answer_to(server, request)[9:10] in (b"2", b"4"), request
        for name in HEADERS:
            for method in (b"GET", b"POST"):
                host = b"" if name == "Host" else b"Host: x\r\n"
                request = b"%b /api/items HTTP/1.1\r\n%b%b: %b\r\n\r\n" % (method, host, name.encode(), octets)
                assert answer_to(server, request)[9:10] in (b"2", b"4"), request
    assert "Traceback" not in server.log


def processor_time(server):
    """Seconds of processor time that the workers have taken, threads that have ended included."""
    fields = [Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split() for worker in server.workers]
    return sum(int(user) + int(system) for *_, user, system in (field[:13] for field in fields)) / TICKS


def test_no_header_takes_longer_than_its_length(serve, tmp_path):
    server = serve(
        f"sqlite:///{tmp_path}/items.db",
        SECRET_KEY="a secret",
        API_TOKENS="token",
        CORS_ORIGINS=r"https://\w+\.example",
        TRUSTED_PROXIES="1",
        LOG_LEVEL="WARNING",
    )
    plain = {}
    slow = {}
    with Client(server.port) as client:

        def cost(method, target, headers):
            needed = {
                "Origin": "https://app.example",
                "Authorization": "Bearer token",
                "Content-Type": "application/json",
            }
            names = {name for name, _ in headers}
            headers = [*headers, *((name, value) for name, value in needed.items() if name not in names)]
            body = b'{"name": "x", "price": 1}' if method in ("POST", "PUT") else None
            if method == "OPTIONS":
                headers.append(("Access-Control-Request-Method", "PUT"))
            times = []
            for _ in range(5):
                before = processor_time(server)
                response, _ = client.ask(method, target, headers, body)
                times.append(processor_time(server) - before)
                assert response.status < 500, headers
                if min(times) < LONGER / 5:  # it can only get better
                    break
            return min(times)

        for name, (method, target) in PARSED.items():
            for beginning, filling, lines in itertools.product(BEGINNINGS.get(name, [""]), FILLINGS, (1, 10)):
                half = filling * ((LINE - len(beginning)) // len(filling) // 2)
                value = f"{beginning}{half}x{half}y"
                twin = (method, target, lines)
                if twin not in plain:
                    plain[twin] = cost(method, target, [("X-Plain", "x" * LINE)] * lines)
                longer = cost(method, target, [(name, value)] * lines) - plain[twin]
                if longer > LONGER:
                    slow[name, beginning, filling, lines] = longer
    assert not slow
