"""The published language: what services and frontends may say to one another."""
