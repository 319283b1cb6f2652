"""A fault as the page says it."""

from policysim.experiments.analysis.wording import sentence_case


def sentence(fault: BaseException | str) -> str:
    """A whole sentence: commands say a fault after a word of their own, and end it with nothing."""
    said = str(fault)
    said = sentence_case(said) if said.partition(" ")[0].isalpha() else said  # a file's name stays as it is
    return said if said.endswith((".", "!", "?")) else f"{said}."
