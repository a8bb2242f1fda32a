"""What the checklist's door answers."""

from collections.abc import Sequence

from pydantic import BaseModel, Field

from sales_agent.console.go_live.checklist import Judged


class ChecklistPoint(BaseModel):
    """One point."""

    name: str
    about: str
    is_ok: bool
    is_required: bool = Field(description="Whether it keeps the tenant from going live while it is not settled.")
    detail: str = Field(description="How it stands.")
    fix: str = Field(description="What to do; empty where nothing is to be done.")


class Checklist(BaseModel):
    """Every point, and whether none of them is open."""

    is_ready: bool
    points: list[ChecklistPoint]

    @classmethod
    def of(cls, judged: Sequence[Judged]) -> "Checklist":
        """The answer."""
        points = [
            ChecklistPoint(
                name=row.point.name,
                about=row.point.about,
                is_ok=row.verdict.is_ok,
                is_required=row.point.is_required,
                detail=row.verdict.detail,
                fix=row.verdict.fix,
            )
            for row in judged
        ]
        return cls(is_ready=not any(row.is_open for row in judged), points=points)
