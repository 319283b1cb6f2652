"""While rules are compiled a type of records is called as Numba calls it, and its name is written once."""

import numpy as np
from numba.core.types import Record
from numba.np.numpy_support import from_dtype

from policysim.engine.record_names import written_once

DTYPES = [np.dtype([("age", "f8"), ("use", "i1", (7,))], align=True), np.dtype([("age", "f4")])]


def test_a_type_of_records_has_the_name_that_numba_gives_it():
    types = [from_dtype(dtype) for dtype in DTYPES]
    usual, write = [repr(each) for each in types], Record.__repr__
    with written_once():
        named = [repr(each) for each in types]
        assert all(repr(each) is name for each, name in zip(types, named, strict=True)), "it is not written again"
    assert named == usual == [repr(each) for each in types] and usual[0] != usual[1]
    assert Record.__repr__ is write
