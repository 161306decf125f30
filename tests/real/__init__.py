"""Real servers for tests: each starts on a free loopback port and is stopped by its process id."""
