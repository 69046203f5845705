"""What the facts of other services say of participants and of what the project did."""
