"""Settings that a person gives: however they come in, what is wrong with them is told in one sentence."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from policysim.errors import UserError
from policysim.scenarios.faults import NOWHERE, Keys, Source, user_error
from policysim.vocabulary.numbers import plain

if TYPE_CHECKING:
    from pydantic._internal._model_construction import ModelMetaclass
else:
    ModelMetaclass = type(BaseModel)


class _Told(ModelMetaclass):
    """Makes settings from keyword arguments; a custom `__init__` would hide from pydantic where a fault lies within."""

    def __call__(self: Any, *args: Any, **settings: Any) -> Any:
        if args:
            raise UserError(f"{self.__name__} takes its settings by name ({', '.join(self.model_fields)})")
        return self.model_validate(settings)


def _whole(value: Any) -> Any:
    """A row of a table has one type: beside a fraction its whole numbers are NumPy's floats."""
    return int(value) if isinstance(value, np.floating) and value.is_integer() else value


class Settings(BaseModel, metaclass=_Told):
    """What cannot be changed once it is made, and is sound then; raises UserError wherever it is not."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    @model_validator(mode="before")
    @classmethod
    def _plain_numbers(cls, data: Any) -> Any:
        if isinstance(data, dict):
            data = {key: _whole(value) if cls._is_whole(key) else value for key, value in data.items()}
        return plain(data)

    @classmethod
    def _is_whole(cls, key: Any) -> bool:
        return key in cls.model_fields and cls.model_fields[key].annotation in (int, int | None)

    @classmethod
    def read(cls, data: Any, source: Source = NOWHERE, under: Keys = (), context: Any = None) -> Self:
        """From plain values, which stand in the source beneath the keys `under`; raises UserError."""
        try:
            return cls.__pydantic_validator__.validate_python(data, context=context)
        except ValidationError as error:
            raise user_error(error, cls, source, under) from None

    @classmethod
    def model_validate(cls, obj: Any, **options: Any) -> Self:
        """As pydantic's; raises UserError."""
        try:
            return super().model_validate(obj, **options)
        except ValidationError as error:
            raise user_error(error, cls, NOWHERE) from None

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **options: Any) -> Self:
        """As pydantic's; raises UserError."""
        try:
            return super().model_validate_json(json_data, **options)
        except ValidationError as error:
            raise user_error(error, cls, NOWHERE) from None

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """The same but for what `update` says, checked as if it were given anew (pydantic's own checks nothing)."""
        if not update:
            return super().model_copy(deep=deep)
        return type(self).read(self._kept_beside(update) | dict(update))

    def _kept_beside(self, update: Mapping[str, Any]) -> dict[str, Any]:
        """What stays beside an update; who has two ways to say the same leaves out the other one."""
        return dict(self)

    if not TYPE_CHECKING:  # a type checker knows from `frozen` that nothing can be set

        def __setattr__(self, name: str, value: Any) -> None:
            """Nothing can be set; raises UserError."""
            self.__delattr__(name)

        def __delattr__(self, name: str) -> None:
            """Nothing can be taken away; raises UserError."""
            kind = type(self).__name__
            raise UserError(
                f"a {kind} cannot be changed; a changed copy is made by model_copy(update={{{name!r}: ...}})"
            )
