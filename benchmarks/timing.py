"""Times of several callables, taken in turns so that whatever disturbs the machine disturbs all of them."""

from collections.abc import Callable, Mapping
from statistics import median
from time import process_time

Clock = Callable[[], float]

SECONDS_PER_TURN = 0.02
"""Long enough for the clock, short enough for the others to meet the same conditions."""


def seconds_per_call(function: Callable[[], object], calls: int, clock: Clock) -> float:
    start = clock()
    for _ in range(calls):
        function()
    return (clock() - start) / calls


def medians(
    functions: Mapping[str, Callable[[], object]],
    rounds: int,
    progress: Callable[[str], object],
    clock: Clock = process_time,
) -> dict[str, float]:
    """Time each function in every round.

    :param functions: what to time, by name.
    :param rounds: how many times each has its turn.
    :param progress: told about every round.
    :param clock: in seconds; by default that of this process, which stands still while the machine works for others.
    :returns: the median of its rounds for each name, in microseconds per call.
    """
    calls = {}
    for name, function in functions.items():
        function()  # fills the caches of the first call
        calls[name] = max(1, round(SECONDS_PER_TURN / seconds_per_call(function, 5, clock)))
    taken: dict[str, list[float]] = {name: [] for name in functions}
    for number in range(rounds):
        progress(f"round {number + 1} of {rounds}")
        for name, function in functions.items():
            taken[name].append(seconds_per_call(function, calls[name], clock))
    return {name: median(times) * 1e6 for name, times in taken.items()}
