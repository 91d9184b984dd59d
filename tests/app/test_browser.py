"""The page in a real browser: upload, result, bad file, microphone, on a desk and in a hand.

SK_SER_SCREENSHOTS names a folder that pictures of it are kept in, to look at.
"""

import base64
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest

pytest.importorskip("streamlit")
pytest.importorskip("matplotlib")
pytest.importorskip("selenium")

from PIL import Image
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
DRIVER = shutil.which("chromedriver")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not BROWSER, reason="no chromium; apt-get install chromium"),
    pytest.mark.skipif(not DRIVER, reason="no chromedriver; apt-get install chromium-driver"),
]
#: Seconds that a busy machine may take for anything.
PATIENCE = 90
#: What stands at the end of the page.
LAST = "A recording stays in the server's memory"
DESK, HAND = (1200, 900), (390, 844)


@pytest.fixture(scope="module")
def address(model_file, tmp_path_factory):
    """Where sk-ser app serves the page."""
    folder = tmp_path_factory.mktemp("server")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = "from sk_ser.cli import app; app()"
    limits = ["--port", str(port), "--max-mb", "2", "--max-minutes", "1"]
    with open(folder / "log", "wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-c", command, "app", str(model_file), *limits],
            cwd=folder,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until_served(f"http://127.0.0.1:{port}/_stcore/health", server, folder / "log")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(PATIENCE)


def wait_until_served(url, server, log):
    end = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.2)


@pytest.fixture(scope="module")
def browser():
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    flags = ["--headless=new", "--disable-dev-shm-usage", "--hide-scrollbars"]
    # a microphone that beeps, and no request for permission
    flags += ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    if os.geteuid() == 0:
        flags.append("--no-sandbox")
    for flag in flags:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    try:
        yield driver
    finally:
        driver.quit()


@pytest.fixture
def open_page(browser, address):
    """Open the page anew, as wide as a screen, in light or in dark."""

    def open_page(size=DESK, theme="light"):
        resize(browser, size)
        features = [{"name": "prefers-color-scheme", "value": theme}]
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        browser.get(address)
        wait_for(browser, LAST)
        return browser

    return open_page


def resize(browser, size):
    metrics = {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def text_of(browser):
    return browser.find_element(By.TAG_NAME, "body").text.replace("\N{NO-BREAK SPACE}", " ")


def wait_for(browser, text):
    WebDriverWait(browser, PATIENCE).until(lambda _: text in text_of(browser), text)


def upload(browser, path):
    where = (By.CSS_SELECTOR, "input[type=file]")
    WebDriverWait(browser, PATIENCE).until(lambda _: browser.find_elements(*where))
    browser.find_element(*where).send_keys(str(path))


def photograph(browser, name, size):
    """Take a picture of all of the page, once it stands still."""
    height = "return document.querySelector('[data-testid=stMain]').scrollHeight"
    pictures = []
    while len(pictures) < 2 or pictures[-1] != pictures[-2]:
        assert len(pictures) < 20, "the page does not come to rest"
        resize(browser, (size[0], max(size[1], browser.execute_script(height))))
        time.sleep(0.5)
        shot = browser.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})["data"]
        pictures.append(base64.b64decode(shot))
    resize(browser, size)
    if os.environ.get("SK_SER_SCREENSHOTS"):
        folder = Path(os.environ["SK_SER_SCREENSHOTS"])
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.png").write_bytes(pictures[-1])
    return np.asarray(Image.open(io.BytesIO(pictures[-1])).convert("RGB"))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, HAND], ids=["desk", "hand"])
def test_a_recording_is_answered(open_page, recordings, size, theme):
    page = open_page(size, theme)
    upload(page, recordings / "long.wav")
    wait_for(page, "Over time")
    text = text_of(page)
    for said in ("Trained on 36 recordings", "Unseen speakers", "Random split", "Overall: "):
        assert said in text
    for emotion in ("anger", "neutral", "sadness"):
        assert emotion in text
    picture = photograph(page, f"result-{size[0]}-{theme}", size)
    assert picture[:, :, 0].mean() > 128 if theme == "light" else picture[:, :, 0].mean() < 100
    for colour in ((0xD5, 0x5E, 0x00), (0x00, 0x72, 0xB2), (0x7F, 0x7F, 0x7F)):
        assert (picture == colour).all(axis=2).any(), "each emotion in its colour"
    width = page.execute_script("return document.documentElement.scrollWidth")
    assert width <= size[0], "the page is as wide as the screen"


@pytest.mark.parametrize("name", ["angry.wav", "angry.mp3", "angry.flac"])
def test_a_recording_is_heard_and_can_be_played(open_page, recordings, name):
    page = open_page()
    upload(page, recordings / name)
    wait_for(page, "Most likely: anger")
    script = "const a = document.querySelector('audio'); return a && a.duration || 0"
    seconds = WebDriverWait(page, PATIENCE).until(lambda _: page.execute_script(script))
    assert 0.5 < seconds < 5
    shown = "return [...document.querySelectorAll('img')].every(i => i.complete && i.naturalWidth)"
    WebDriverWait(page, PATIENCE).until(lambda _: page.execute_script(shown))


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("bad.wav", "No prediction for bad.wav: cannot be decoded"),
        ("silent.wav", "No prediction for silent.wav: silent"),
        ("too-long.flac", "too long: 70.0 s, and 60 s are allowed"),
        ("huge.wav", "The file was not accepted: it is larger than 2 MB, or its type"),
        ("notes.txt", "The file was not accepted: it is larger than 2 MB, or its type"),
    ],
)
def test_what_is_wrong_with_a_recording_is_said(open_page, recordings, name, problem):
    page = open_page()
    assert "was not accepted" not in text_of(page)
    upload(page, recordings / name)
    wait_for(page, problem)
    assert "Traceback" not in text_of(page)
    assert "Most likely" not in text_of(page)
    photograph(page, Path(name).stem, DESK)


def test_a_voice_is_recorded(open_page):
    page = open_page()
    labels = page.find_elements(By.TAG_NAME, "label")
    next(label for label in labels if label.text == "Microphone").click()
    wait_for(page, "Speak for at most")
    button = "[data-testid=stAudioInput] button"
    WebDriverWait(page, PATIENCE).until(lambda _: page.find_elements(By.CSS_SELECTOR, button))
    page.find_element(By.CSS_SELECTOR, button).click()
    wait_for(page, "00:02")
    page.find_element(By.CSS_SELECTOR, button).click()
    wait_for(page, "Most likely: ")
    photograph(page, "microphone", DESK)


def test_it_requests_nothing_from_other_servers_and_logs_no_error(open_page, recordings, address):
    page = open_page()
    page.get_log("performance")
    page.get_log("browser")
    page.get(address)
    wait_for(page, LAST)
    upload(page, recordings / "long.wav")
    wait_for(page, "Over time")
    messages = [json.loads(entry["message"])["message"] for entry in page.get_log("performance")]
    asked = {
        urlsplit(message["params"]["request"]["url"]).netloc
        for message in messages
        if message["method"] == "Network.requestWillBeSent"
    }
    assert asked - {""} == {urlsplit(address).netloc}
    severe = [entry for entry in page.get_log("browser") if entry["level"] == "SEVERE"]
    assert severe == []
