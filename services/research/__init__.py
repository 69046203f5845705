"""Research: studies of local needs, from the plan to published numbers nobody can be picked out of."""
