"""What is compiled beside the rules and kept: compiled anew when anything that it takes from elsewhere was edited."""

from policysim.engine import jit
from policysim.network import peers


def test_what_a_file_takes_from_others_is_known():
    taken = {str(file.relative_to(jit.PACKAGE)) for file in jit.taken_from(jit.PACKAGE / "network" / "peers.py")}
    assert {"network/peers.py", "network/using.py", "vocabulary/groups.py", "engine/rest.py"} <= taken
    assert "agents/people/person.py" not in taken
    assert jit.PACKAGE / "vocabulary" / "exact.py" in jit.taken_from(jit.PACKAGE / "engine" / "exact.py")


def test_an_edit_of_another_file_is_seen_where_compiled_code_is_kept(monkeypatch):
    def stamp() -> bytes:
        return jit.outer(peers._tell.py_func)._cache._cache_file._source_stamp

    kept, read = stamp(), jit._read
    assert stamp() == kept == peers._tell._cache._cache_file._source_stamp
    elsewhere = jit.PACKAGE / "network" / "using.py"
    monkeypatch.setattr(jit, "_read", lambda file: read(file) + (b"\n" if file == elsewhere else b""))
    assert stamp() != kept
