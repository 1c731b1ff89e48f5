"""Other libraries that compute the same: each module has checks(), a list of Check. What differs is expected to, and is explained."""
