"""The rules of reporting: pure, without any technology."""
