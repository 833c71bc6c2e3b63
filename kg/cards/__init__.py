"""Character cards and lorebooks: compiled from graph and persona, read from files, told as facts."""
