import threading
import time
from dataclasses import replace

from microdata.errors import PrivacyToolError
from risk.attacks.plan import AttackPlan
from ui import compute, documents


def made(at):
    """Make the report, and wait for the documents as the page does."""
    at.button(key="make-report").click().run()
    session = at.session_state["session"]
    until = time.monotonic() + 120
    while not any(button.label == "Report (PDF)" for button in at.get("download_button")):
        assert time.monotonic() < until
        assert not at.exception
        assert not at.error
        time.sleep(0.1)
        at.run()
    assert at.session_state["session"] == session
    return at


def test_the_documents_are_made_on_request_and_again_after_a_change(open_app, downloads, fresh):
    at = open_app("report", fresh)
    assert "Report (PDF)" not in downloads
    made(at)
    for label, start in {
        "Report (PDF)": b"%PDF-",
        "Public version (PDF)": b"%PDF-",
        "Web page (HTML)": b"<!DOCTYPE html>",
        "Word document": b"PK",
    }.items():
        assert downloads[label].startswith(start)
    downloads.clear()
    at.selectbox(key="answer classification").set_value("internal").run()
    assert "Report (PDF)" not in downloads  # that document would not hold the answer
    assert any("Make it again" in caption.value for caption in at.caption)


def test_the_documents_can_be_stopped(open_app, downloads, fresh, monkeypatch):
    started, go_on = threading.Event(), threading.Event()
    made, running = [], []
    real = compute.documents

    def documents_of(*asked):
        running.append(real(*asked))
        return running[-1]

    def slow(_):
        started.set()
        go_on.wait(60)
        return b"slow"

    monkeypatch.setattr(compute, "documents", documents_of)
    monkeypatch.setattr("reports.document.pdf.render_pdf", slow)
    monkeypatch.setattr("reports.document.public.render_public_pdf", made.append)
    at = open_app("report", fresh)
    at.button(key="make-report").click().run()
    assert started.wait(60)
    at.run()
    assert "Making Report (PDF)" in str(at.get("progress")[1].proto)
    at.button(key="cancel-report").click().run()
    go_on.set()
    assert list(running[-1].wait(60).files) == ["pdf"]
    assert made == []
    assert "cancel-report" not in [button.key for button in at.button]
    assert "Report (PDF)" not in downloads


def test_a_document_that_cannot_be_made_is_told_and_the_others_are_there(
    open_app, downloads, fresh, monkeypatch
):
    def refuse(_):
        raise PrivacyToolError("No font has this sign. Choose another title.")

    monkeypatch.setattr("reports.document.public.render_public_pdf", refuse)
    monkeypatch.setattr("reports.document.pdf.render_pdf", lambda _: b"%PDF-")
    at = open_app("report", fresh)
    at.button(key="make-report").click().run()
    until = time.monotonic() + 60
    while not at.error and time.monotonic() < until:
        at.run()
    (told,) = at.error
    assert told.value == "Public version (PDF): No font has this sign. Choose another title."
    assert {"Report (PDF)", "Word document"} <= set(downloads)
    assert "Public version (PDF)" not in downloads


def test_only_one_button_is_primary(open_app, fresh):
    at = made(open_app("report", fresh))
    buttons = [b.proto for kind in ("button", "download_button") for b in at.get(kind)]
    assert [b.label for b in buttons if b.type == "primary"] == ["Make the report"]


def test_an_attack_that_was_late_is_in_the_next_document(open_app, downloads, fresh, monkeypatch):
    may_end = threading.Event()

    def carry_out(*asked):
        may_end.wait(60)
        return real(*asked)

    def outcomes(assessment):
        return " ".join(type(report.shared).__name__ for report in assessment.attacks).encode()

    real = compute.carry_out
    monkeypatch.setattr(compute, "carry_out", carry_out)
    monkeypatch.setattr(documents, "ATTACK_SECONDS", 0.01)
    for kind in documents.DOCUMENTS:
        monkeypatch.setattr(f"{kind.form.module}.{kind.form.function}", outcomes)
    at = open_app("report", replace(fresh, attacks=(AttackPlan(name="Neighbour"),)))
    made(at)
    assert downloads["Report (PDF)"] == b"NotComputed"
    assert any("still at work" in caption.value for caption in at.caption)
    may_end.set()
    monkeypatch.setattr(documents, "ATTACK_SECONDS", 60)
    downloads.clear()
    at.button(key="make-report").click().run()
    made_again = compute_until(at, downloads)
    for kind in documents.DOCUMENTS:
        assert made_again[kind.label] == b"AttackResult"


def compute_until(at, downloads):
    until = time.monotonic() + 120
    while "Report (PDF)" not in downloads and time.monotonic() < until:
        time.sleep(0.1)
        at.run()
    return downloads
