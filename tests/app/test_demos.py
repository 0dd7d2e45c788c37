from dataclasses import replace

import pytest

from demo_data import DEMOS
from microdata.readers import read_dataset
from ui.demos import demo_of, is_demo_register


@pytest.mark.parametrize("demo", DEMOS, ids=lambda demo: demo.id)
def test_a_demo_is_told_by_its_content(demo):
    raw = demo.data.read_bytes()
    assert demo_of(read_dataset(raw, "anything.csv")) == demo
    changed = read_dataset(raw.replace(b"\n", b" \n", 1), demo.data.name)
    assert demo_of(changed) is None


def test_a_name_or_no_digest_makes_no_demo():
    demo = DEMOS[1]
    dataset = read_dataset(demo.data.read_bytes(), demo.data.name)
    assert demo_of(replace(dataset, file_sha256="")) is None
    assert demo_of(None) is None


def test_the_register_of_a_demo_is_told_by_its_content():
    path = DEMOS[0].register
    raw = path.read_bytes()
    assert is_demo_register(read_dataset(raw, "list.csv"))
    assert not is_demo_register(read_dataset(raw + b"A,B,1,2000-01-01,F\n", path.name))
