"""Which numbers are fitted, and to what: each to one measure of the status quo, and how far to move it for a miss."""

from dataclasses import dataclass
from importlib.resources import files

from policysim.errors import UserError, nearest
from policysim.evidence.registry import Parameter, registry
from policysim.reading import read_table
from policysim.vocabulary.exact import exp, log

COLUMNS = ("parameter", "measure", "strength", "least", "most")
LOGARITHMS = ("log ratio", "log ratio per year")


@dataclass(frozen=True)
class Fit:
    """One number and the measure that it is to bring to its published figure."""

    parameter: Parameter
    measure: str
    strength: float
    """By how much the logarithm of the number moves for one of the measure's; of a log ratio, the number itself."""
    least: float
    most: float
    """Beyond which the number would not be believed, whatever it did for the target. The range that the registry has for a
    fitted number is what its target leaves open, and narrower."""

    def moved(self, value: float, model: float, published: float) -> float:
        """The value that should bring the measure from what the model found to a figure, as far as that can be believed."""
        if not (model > 0 and published > 0):
            return value
        ratio = published / model
        if self.parameter.unit in LOGARITHMS:
            value += self.strength * log(ratio)
        else:
            value *= exp(self.strength * log(ratio))
        return min(max(value, self.least), self.most)


def fits() -> tuple[Fit, ...]:
    """Every fitted number, in the order of the file; raises UserError for one that is not in the registry."""
    path = files("policysim.configs.evidence").joinpath("fits.csv")
    found = []
    for line, row in read_table(path, COLUMNS, key=["parameter"]):
        parameter = registry().get(row["parameter"])
        if parameter is None:
            known = nearest(row["parameter"], registry())
            raise UserError(f"{path}, line {line}: there is no parameter {row['parameter']!r}{known}")
        found.append(Fit(parameter, row["measure"], *(float(row[key]) for key in COLUMNS[2:])))
    return tuple(found)
