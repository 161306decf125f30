"""What the parts of the form of vendor files share."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Template = str
Evidence = Annotated[str, Field(pattern=r"^[VSU]( .+)?$", description="V, S or U, and where it is known from.")]


class Form(BaseModel):
    """What all parts of a vendor file have in common."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Request(Form):
    """One request. Every text is a template; values in the path are quoted, in the query encoded."""

    method: Literal["GET", "POST", "PUT", "PATCH"] = "GET"
    path: Template
    query: dict[str, Template] = Field(default_factory=dict)
    headers: dict[str, Template] = Field(default_factory=dict)
    body: Any = Field(default=None, alias="json", description="A structure whose leaves are templates.")
