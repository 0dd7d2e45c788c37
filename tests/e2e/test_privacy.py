"""Nothing leaves, nobody sees another's table, and no name or value of a table acts on a page."""

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


@pytest.fixture
def headers(server):
    return server.request("GET", "/")[1]


def test_the_browser_is_told_to_call_nobody(headers):
    rules = dict(
        rule.strip().split(" ", 1) for rule in headers["content-security-policy"].split(";")
    )
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
def test_a_response_carries_its_headers(headers, name, value):
    assert headers[name] == value


def test_another_host_name_is_refused(server):
    upgrade = {
        "Host": "evil.example",
        "Origin": "http://evil.example",
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    assert 400 <= server.request("GET", "/_stcore/stream", upgrade)[0] < 500
    here = upgrade | {"Host": f"127.0.0.1:{server.port}", "Origin": server.url}
    assert server.request("GET", "/_stcore/stream", here)[0] == 101


def test_an_upload_without_the_token_of_a_page_is_refused(server):
    assert 400 <= server.request("PUT", "/_stcore/upload_file/a/b")[0] < 500


def test_the_browser_itself_refuses_to_call_out(open_tab):
    tab = open_tab()
    blocked = tab.page.evaluate(
        """url => new Promise(done => {
            document.addEventListener("securitypolicyviolation", e => done(e.blockedURI));
            const image = new Image(); image.src = url;
            setTimeout(() => done("nothing was blocked"), 3000);
        })""",
        "https://127.0.0.2/x.png",
    )
    assert blocked.startswith("https://127.0.0.2")
    tab.expected_errors.append("Content Security Policy")


def test_two_visitors_do_not_see_each_other(open_tab):
    one = open_tab().demo("Twelve inpatients")
    two = open_tab()
    assert "Nothing is in memory" in two.text()
    two.demo("Pupils of one school")
    one.go("Risk")
    two.go("Risk")
    assert "inpatients.csv, 12 rows" in one.text()
    assert one.tile("People in groups below 5").startswith("12 ")
    assert "inpatients" not in two.text()
    two.press("Forget my data")
    assert "Nothing is in memory" in two.text()
    assert "inpatients.csv, 12 rows" in one.go("Reduce").text()


def test_names_and_values_of_a_table_do_nothing_on_any_page(tab, server):
    tab.upload(f"![x]({EVIL}).csv".replace("/", "⁄"), hostile_table())
    for page in PAGES:
        tab.go(page)
        assert tab.page.locator("img[src*=evil], a[href*=evil], script[src*=evil]").count() == 0
    assert "evil.example" not in server.log.read_text()


def test_a_table_that_cannot_be_read_is_a_sentence_and_not_a_traceback(tab, server):
    tab.page.locator("[data-testid=stFileUploader] input[type=file]").first.set_input_files(
        {"name": "secret.xlsx", "mimeType": "text/csv", "buffer": b"PK\x03\x04 Jane Doe 1981"}
    )
    tab.page.get_by_test_id("stAlert").first.wait_for()
    assert "Traceback" not in tab.settled().text()
    assert "Jane Doe" not in tab.text()
    assert "Jane Doe" not in server.log.read_text()


def test_no_file_is_left_in_the_temporary_folder(tab, server):
    rows = "\n".join(f"{i % 90},{i % 2},{'x' * 30}" for i in range(60_000))
    tab.upload("large.csv", f"age,sex,note\n{rows}".encode())
    assert [path.name for path in server.scratch.rglob("*") if path.is_file()] == []
