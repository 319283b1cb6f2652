"""What it takes to have the same numbers again: the command, and the marks of what went in and what came out."""

from shlex import quote

from policysim.viz.blocks import Block, Code, Fold, Item, Items, Text
from policysim.viz.digest import Digest
from policysim.viz.report.tables import provenance


def command(digest: Digest) -> str:
    """The commands that make this comparison and its report again, from the file of its scenario."""
    folder = quote(f"again/{digest.scenario.place.replace(':', '-')}")
    return f"policysim compare scenario.toml --out {folder}\npolicysim report {folder}"


def reproduce(digest: Digest) -> list[Block]:
    """The section: commands, hashes, versions, and the scenario's file."""
    marks = [(name, digest.provenance[key]) for name, key in (("scenario", "scenario"), ("model build", "model"))
             if key in digest.provenance]  # fmt: skip
    told = ", ".join(f"{name} {mark}" for name, mark in marks)
    blocks: list[Block] = [
        Text(
            "The scenario’s file lies in the folder of the results as scenario.toml, and on a screen stands below. With the "
            f"same version of policysim these commands give the same numbers, to the bit{f' ({told})' if told else ''}:"
        ),
        Code(command(digest)),
    ]
    if digest.hashes:
        blocks += [
            Text("SHA-256 of the tables that this report was made of, as “sha256sum --check” reads them:"),
            Code("\n".join(f"{mark}  {name}" for name, mark in digest.hashes.items())),
        ]
    blocks.append(Items([Item(f"{name}:", text) for name, text in provenance(digest)]))
    blocks.append(Fold("The scenario’s file, scenario.toml", [Code(digest.scenario.to_toml())], paper=False))
    return blocks
