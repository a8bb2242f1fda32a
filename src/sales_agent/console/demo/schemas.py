"""What the demo's route takes."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field

from sales_agent.console.demo.people import BY_PERSON, Person


class DemoLeadBody(BaseModel):
    """Somebody of the table, or a person of your own: every other name is a field of the form."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={"examples": [{"person": "faraway"}, {"email": "kim@fabrikam.example", "message": "Hello"}]},
    )
    __pydantic_extra__: dict[str, str] = Field(init=False)  # pyright: ignore[reportIncompatibleVariableOverride] - pydantic's way to type extra fields

    person: Person | None = Field(None, description="Who fills in the form; `new` where the body says nothing.")

    def form(self) -> Mapping[str, str]:
        """The fields filled in. Somebody else's address brings none of the table's words with it."""
        own = self.__pydantic_extra__
        if self.person is None and "email" in own:
            return own
        return {**BY_PERSON[self.person or Person.NEW].fields, **own}
