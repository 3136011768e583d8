"""Every change, as a command: files are nouns, classes are verbs."""
