// Holds nothing: a target of headers compiled beforehand needs a file.
