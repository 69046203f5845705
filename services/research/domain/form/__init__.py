"""What a questionnaire is and how answers to it are judged; pure, so that everybody judges alike."""
