"""Eyes: a window of a browser that remembers every request, and everything that went wrong."""

from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.servers import AXE

PHONE, TABLET, DESKTOP = (390, 844), (820, 1180), (1280, 800)
_VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
"""


class Eyes:
    """``troubles`` are errors of scripts, of the console and of the policy; ``foreign`` requests to other places."""

    def __init__(self, browser: Browser, home: str, size: tuple[int, int] = DESKTOP, **options) -> None:
        self.home = home.rstrip("/")
        self.troubles: list[str] = []
        self.foreign: list[str] = []
        self.is_restart_expected = False
        self._context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale="en-GB", color_scheme="dark", **options
        )
        self._context.add_init_script(_VIOLATIONS)
        self.page: Page = self._context.new_page()
        self.page.set_default_timeout(15_000)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        self.page.on("request", lambda request: self._see(request.url))
        self.page.on("websocket", lambda socket: self._see(socket.url.replace("ws://", "http://", 1)))

    def go(self, path: str = "/", **remembered: str) -> Page:
        """Open a page, with what this device remembers, and wait until it is ready."""
        if remembered:
            words = "".join(f"localStorage.setItem({key!r}, {value!r});" for key, value in remembered.items())
            self._context.add_init_script(words.replace("__", "."))
        self.page.goto(f"{self.home}{path}")
        self.page.wait_for_selector("body[data-ready]")
        return self.page

    def violations(self, *, least: tuple[str, ...] = ("serious", "critical")) -> list[str]:
        """Run axe over the page; give what it finds serious."""
        self.page.evaluate(AXE.read_text())  # by the debugger's door, so that the page's own policy stays as it is
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{one['id']}: {node['target']} {node['failureSummary']}"
            for one in found["violations"]
            if one["impact"] in least
            for node in one["nodes"]
        ]

    def walk(self, most: int = 80) -> list[str]:
        """Press Tab until the page's end; give what was reached, each with whether its focus can be seen."""
        self.page.evaluate("document.activeElement.blur()")
        reached = []
        for _ in range(most):
            self.page.keyboard.press("Tab")
            name, is_seen = self.page.evaluate(
                """() => { const at = document.activeElement; const style = getComputedStyle(at);
                if (at === document.body || at === document.documentElement) return [null, true];
                const words = at.getAttribute("aria-label") || at.textContent.trim() || at.id;
                return [words, style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2]; }"""
            )
            if name is None:
                break
            assert is_seen, f"the focus on {name!r} cannot be seen"
            reached.append(name)
        return reached

    def close(self) -> None:
        self._context.close()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"}:
            return
        if self.is_restart_expected and ("WebSocket" in message.text or "Failed to load resource" in message.text):
            return
        self.troubles.append(f"console: {message.text}")

    def _see(self, url: str) -> None:
        if not url.startswith(f"{self.home}/"):
            self.foreign.append(url)
