"""Where visits come from: recordings, lists, and a generator, all giving `Visits`."""
