"""A Chromium without a window, told what to do over its own debugging pipe; no library and no driver are needed."""

from __future__ import annotations

import base64
import json
import os
import queue
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Object = dict[str, Any]
PATIENCE = 30.0
"""Seconds; a machine that runs other tests at the same time is slow."""
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--remote-debugging-pipe",
)


class Chromium:
    """One browser with an empty profile."""

    def __init__(self, profile: Path) -> None:
        read, out = os.pipe()
        inward, write = os.pipe()
        # It reads orders from descriptor 3 and writes answers to 4.
        started = f'exec chromium "$@" 3<&{read} 4>&{write}'
        self._process = subprocess.Popen(
            ["bash", "-c", started, "chromium", *FLAGS, f"--user-data-dir={profile}", "about:blank"],
            pass_fds=(read, write),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(read)
        os.close(write)
        self._out, self._in = os.fdopen(out, "wb"), os.fdopen(inward, "rb")
        self._lock = threading.Lock()
        self._count = 0
        self._answers: dict[int, queue.SimpleQueue[Object]] = {}
        self.hear: dict[str, Callable[[Object], None]] = {}
        """Who hears the events of a session."""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        waiting = b""
        while data := os.read(self._in.fileno(), 65536):
            *whole, waiting = (waiting + data).split(b"\0")
            for each in whole:
                told = json.loads(each)
                if "id" in told:
                    self._answers.pop(told["id"]).put(told)
                elif told.get("sessionId") in self.hear:
                    self.hear[told["sessionId"]](told)

    def order(self, method: str, session: str = "", **params: object) -> Object:
        """Give one order and return its answer."""
        answer = self.tell(method, session, **params).get(timeout=PATIENCE)
        assert "error" not in answer, f"{method}: {answer}"
        result: Object = answer["result"]
        return result

    def tell(self, method: str, session: str = "", **params: object) -> queue.SimpleQueue[Object]:
        """Give one order; its answer will come where this says."""
        with self._lock:
            self._count += 1
            box = self._answers[self._count] = queue.SimpleQueue()
            order = {"id": self._count, "method": method, "params": params} | (
                {"sessionId": session} if session else {}
            )
            self._out.write(json.dumps(order).encode() + b"\0")
            self._out.flush()
        return box

    def tab(self, url: str, width: int = 1280, height: int = 800, login: tuple[str, str] | None = None) -> Tab:
        """A new tab with this page."""
        return Tab(self, url, width, height, login)

    def close(self) -> None:
        """End it."""
        try:
            self.order("Browser.close")
            self._process.wait(PATIENCE)
        finally:
            if self._process.poll() is None:
                self._process.kill()
                self._process.wait(PATIENCE)
            self._reader.join(PATIENCE)
            self._out.close()
            self._in.close()


class Tab:
    """One tab: what it asks the network for, and what a person does in it."""

    def __init__(self, browser: Chromium, url: str, width: int, height: int, login: tuple[str, str] | None) -> None:
        self._browser = browser
        self.asked: list[str] = []
        """The address of each request and WebSocket, and what the console says."""
        self.said: list[str] = []
        self._login = login
        self._loaded = threading.Event()
        self._target = browser.order("Target.createTarget", url="about:blank")["targetId"]
        self._session = browser.order("Target.attachToTarget", targetId=self._target, flatten=True)["sessionId"]
        browser.hear[self._session] = self._heard
        for domain in ("Network", "Page", "Runtime", "Log"):
            self.order(f"{domain}.enable")
        if login:
            self.order("Fetch.enable", handleAuthRequests=True)
        self.resize(width, height)
        self.order("Page.navigate", url=url)
        assert self._loaded.wait(PATIENCE), f"{url} was not loaded"

    def order(self, method: str, **params: object) -> Object:
        """Give an order about this tab."""
        return self._browser.order(method, self._session, **params)

    def _heard(self, told: Object) -> None:
        params = told["params"]
        match told["method"]:
            case "Network.requestWillBeSent":
                self.asked.append(params["request"]["url"])
            case "Network.webSocketCreated":
                self.asked.append(params["url"])
            case "Runtime.exceptionThrown":
                self.said.append(str(params["exceptionDetails"]))
            case "Log.entryAdded":
                self.said.append(params["entry"]["text"])
            case "Page.loadEventFired":
                self._loaded.set()
            case "Fetch.requestPaused":
                self._browser.tell("Fetch.continueRequest", self._session, requestId=params["requestId"])
            case "Fetch.authRequired":
                user, password = self._login or ("", "")
                answer = {"response": "ProvideCredentials", "username": user, "password": password}
                self._browser.tell(
                    "Fetch.continueWithAuth", self._session, requestId=params["requestId"], authChallengeResponse=answer
                )

    # -- what a person does

    def resize(self, width: int, height: int) -> None:
        """Make the window another size, in pixels of the page."""
        self.order("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def click(self, text: str, nth: int = 0) -> None:
        """Click in the middle of a piece of text that is just this."""
        x, y = self.waits(
            f"[...document.querySelectorAll('#text span')].filter((e) => e.textContent === {json.dumps(text)})"
            f".map((e) => e.getBoundingClientRect()).map((b) => [b.x + b.width / 2, b.y + b.height / 2])[{nth}]"
        )
        self.click_at(x, y)

    def click_cap(self, label: str) -> None:
        """Click the cap of the keypad that has this printed on it, or its first character if it is too small."""
        wanted = json.dumps([label, label.split(" ")[0]])
        x, y = self.waits(
            f"[...document.querySelectorAll('#text span')].filter((e) => {wanted}.includes(e.textContent))"
            ".map((e) => e.getBoundingClientRect()).filter((b) => b.y > innerHeight / 2)"
            ".map((b) => [b.x + 4, b.y + 4]).at(-1)"
        )
        self.click_at(x, y)

    def click_text_in(self, text: str) -> None:
        """Click on the first piece that begins with this text."""
        x, y = self.waits(
            f"[...document.querySelectorAll('#text span')].filter((e) => e.textContent.startsWith({json.dumps(text)}))"
            ".map((e) => e.getBoundingClientRect()).map((b) => [b.x + 4, b.y + 4])[0]"
        )
        self.click_at(x, y)

    def click_at(self, x: float, y: float) -> None:
        """Click at a place."""
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            button = "none" if kind == "mouseMoved" else "left"
            self.order("Input.dispatchMouseEvent", type=kind, x=x, y=y, button=button, clickCount=1)

    def press(self, key: str, code: int = 0, modifiers: int = 0) -> None:
        """Press one key, by the name that pages know it by."""
        text = key if len(key) == 1 and not modifiers & 6 else "\r" if key == "Enter" else ""
        common = {"key": key, "windowsVirtualKeyCode": code, "modifiers": modifiers}
        self.order("Input.dispatchKeyEvent", type="keyDown", text=text, **common)
        self.order("Input.dispatchKeyEvent", type="keyUp", **common)

    # -- what a person sees

    def evaluate(self, script: str) -> Any:
        """The value of a script in the page; promises are waited for."""
        told = self.order(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True, userGesture=True
        )
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    def waits(self, script: str) -> Any:
        """The value of a script as soon as it is true; fails after a while."""
        end = time.monotonic() + PATIENCE
        while not (found := self.evaluate(script)):
            assert time.monotonic() < end, f"{script} never came true; the tab shows:\n{self.screen()}\n{self.said}"
            time.sleep(0.05)
        return found

    def sees(self, text: str) -> None:
        """Wait until this can be read on the phone."""
        self.waits(f"document.getElementById('text').textContent.includes({json.dumps(text)})")

    def screen(self) -> str:
        """Everything that is to be read, a line each."""
        return str(self.evaluate("[...document.querySelectorAll('#text div')].map((e) => e.textContent).join('\\n')"))

    def picture(self, file: Path) -> None:
        """What it looks like, as PNG."""
        file.write_bytes(base64.b64decode(self.order("Page.captureScreenshot", format="png")["data"]))

    def close(self) -> None:
        """Close it."""
        self._browser.order("Target.closeTarget", targetId=self._target)
