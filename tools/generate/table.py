"""The generated pages: where each lies in the checkout and what writes it."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Page:
    """One page: `path` in the checkout, written by `render` of `tools.generate.<name>`."""

    name: str
    path: str

    def render(self) -> str:
        """What the page must hold now; only its own part of the product is imported for it."""
        render: Callable[[], str] = import_module(f"tools.generate.{self.name}").render
        return render()

    def is_fresh(self) -> bool:
        file = CHECKOUT / self.path
        return file.is_file() and file.read_text(encoding="utf-8") == self.render()

    def write(self) -> None:
        file = CHECKOUT / self.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(self.render(), encoding="utf-8")


PAGES = (
    Page("env_example", ".env.example"),
    Page("settings", "docs/reference/settings.md"),
    Page("metrics", "docs/reference/metrics.md"),
    Page("workflow", "docs/reference/workflow.md"),
    Page("openapi", "docs/reference/openapi.json"),
    Page("schema", "docs/reference/schema.md"),
)
