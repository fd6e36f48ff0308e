"""What every section of the configuration is: a model that takes no unknown key."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator


class Strict(BaseModel):
    """A section of the configuration: no unknown key, nothing changed once it is read."""

    # Defaults are checked too, since that is what puts a relative path into the folder of the file.
    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True, use_attribute_docstrings=True)

    @model_validator(mode="before")
    @classmethod
    def _emptied(cls, values: Any) -> Any:
        """A section or list of which every line is commented out is as good as not given."""
        if not isinstance(values, dict):
            return values
        return {key: value for key, value in values.items() if value is not None or not cls._holds_more(key)}

    @classmethod
    def _holds_more(cls, key: str) -> bool:
        field = cls.model_fields.get(key)
        default = field.default if field is not None else None
        return isinstance(default, Strict | tuple | dict)
