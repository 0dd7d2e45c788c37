"""The browser is kept from calling out, strangers are refused, and a table's texts only show."""

import contextlib
import http.client
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.e2e

PAGES = ("Columns", "Risk", "Reduce", "Report", "Data")
EVIL = "http://evil.example/x.png"
HOSTILE = (
    f"![x]({EVIL})",
    f"<img src={EVIL}>",
    f"[click]({EVIL})",
    f"<script src={EVIL}></script>",
    ":material/home:",
    f"</style><img src={EVIL} onerror=alert(1)>",
)


def quoted(text):
    return '"' + text.replace('"', '""') + '"'


def hostile_table():
    head = ",".join(quoted(f"{name} {i}") for i, name in enumerate(HOSTILE))
    rows = [
        ",".join(quoted(HOSTILE[(i // 6 + j) % len(HOSTILE)]) for j in range(len(HOSTILE)))
        for i in range(24)
    ]
    return "\n".join([head, *rows]).encode()


def given(name, raw):
    return {"name": name, "mimeType": "text/csv", "buffer": raw}


@pytest.fixture
def ask(server):
    """Ask the server without a browser: status and headers."""

    def asked(method, path, headers=None):
        where = urlsplit(server)
        line = http.client.HTTPConnection(where.hostname, where.port, timeout=10)
        with contextlib.closing(line):
            line.request(method, path, headers=headers or {})
            with line.getresponse() as answer:
                return answer.status, {k.lower(): v for k, v in answer.getheaders()}

    return asked


def test_the_browser_is_told_to_call_nobody(ask):
    policy = ask("GET", "/")[1]["content-security-policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'self'"
    assert rules["connect-src"] == "'self'"
    assert rules["object-src"] == "'none'"
    assert rules["frame-ancestors"] == "'none'"
    assert not any("http" in sources or "*" in sources for sources in rules.values())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
    ],
)
def test_a_response_carries_its_headers(ask, name, value):
    assert ask("GET", "/")[1][name] == value


def test_another_host_name_is_refused(ask, server):
    upgrade = {
        "Host": "evil.example",
        "Origin": "http://evil.example",
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    assert 400 <= ask("GET", "/_stcore/stream", upgrade)[0] < 500
    here = upgrade | {"Host": urlsplit(server).netloc, "Origin": server}
    assert ask("GET", "/_stcore/stream", here)[0] == 101


def test_an_upload_without_the_token_of_a_page_is_refused(ask):
    assert 400 <= ask("PUT", "/_stcore/upload_file/a/b")[0] < 500


def test_the_browser_itself_refuses_to_call_out(chromium, server):
    page = chromium.new_page()
    page.goto(server)
    blocked = page.evaluate(
        """url => new Promise(done => {
            document.addEventListener("securitypolicyviolation", e => done(e.blockedURI));
            const image = new Image(); image.src = url;
            setTimeout(() => done("nothing was blocked"), 5000);
        })""",
        "https://127.0.0.2/x.png",
    )
    page.close()
    assert blocked.startswith("https://127.0.0.2")


def test_names_and_values_of_a_table_do_nothing_on_any_page(visit, screen):
    page = visit()
    app = screen(page)
    app.upload(given("![x](evil.example).csv", hostile_table()))
    page.get_by_text("What the columns look like").wait_for()
    for name in PAGES:
        app.go(name)
        # A heading links to itself, by a fragment of its own text.
        active = page.locator("img[src*=evil], a[href*=evil]:not([href^='#']), script[src*=evil]")
        assert active.evaluate_all("found => found.map(e => e.outerHTML)") == [], name


def test_a_file_that_cannot_be_read_is_a_sentence_and_not_a_traceback(visit, screen):
    page = visit()
    app = screen(page)
    app.upload(given("secret.xlsx", b"PK\x03\x04 Jane Doe 1981"))
    page.get_by_test_id("stAlert").first.wait_for()
    assert "Traceback" not in app.body()
    assert "Jane Doe" not in app.body()
