"""Times of several callables, taken in turns so that whatever disturbs the machine disturbs all of them."""

from collections.abc import Callable, Mapping, Sequence
from statistics import median
from time import process_time

Clock = Callable[[], float]

SECONDS_PER_TURN = 0.02
"""Long enough for the clock, short enough for the others to meet the same conditions."""


def seconds_per_call(function: Callable[[], object], calls: int, clocks: Sequence[Clock]) -> list[float]:
    starts = [clock() for clock in clocks]
    for _ in range(calls):
        function()
    return [(clock() - start) / calls for clock, start in zip(clocks, starts, strict=True)]


def medians(
    functions: Mapping[str, Callable[[], object]],
    rounds: int,
    progress: Callable[[str], object],
    clocks: Sequence[Clock] = (process_time,),
) -> list[dict[str, float]]:
    """Time each function in every round.

    :param functions: what to time, by name.
    :param rounds: how many times each has its turn.
    :param progress: told about every round.
    :param clocks: in seconds; by default that of this process, which stands still while the machine works for others.
    :returns: for each clock the median of its rounds for each name, in microseconds per call.
    """
    calls = {}
    for name, function in functions.items():
        function()  # fills the caches of the first call
        calls[name] = max(1, round(SECONDS_PER_TURN / seconds_per_call(function, 5, clocks)[0]))
    taken: dict[str, list[list[float]]] = {name: [] for name in functions}
    for number in range(rounds):
        progress(f"round {number + 1} of {rounds}")
        for name, function in functions.items():
            taken[name].append(seconds_per_call(function, calls[name], clocks))
    return [
        {name: median(times[position] for times in rounds_taken) * 1e6 for name, rounds_taken in taken.items()}
        for position in range(len(clocks))
    ]
