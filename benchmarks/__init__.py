"""What Restwell costs and saves, measured against bare Flask and its peers: ``python -m benchmarks``.

Times depend on the machine; the ratios of one run are what counts.
"""
