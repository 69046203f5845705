"""A service for trials: `counting` answers calls and publishes, `tallying` consumes."""
