"""The published language of research: studies, samples, follow-ups, and what diagnoses tell."""
