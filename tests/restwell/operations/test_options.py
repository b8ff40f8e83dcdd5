"""All that an application can be told from outside, in one table."""

from restwell.operations.options import OPTIONS


def test_every_option_is_declared_once_and_described() -> None:
    names = [option.name for option in OPTIONS]
    assert len(set(names)) == len(names)
    assert all(option.description and option.kind.expected for option in OPTIONS)


def test_every_default_is_a_value_that_its_option_takes() -> None:
    for option in OPTIONS:
        if option.default is not None:
            assert option.read(option.default) == option.default
