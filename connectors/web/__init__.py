"""The website. Its widget talks to the live chat service; Rasa only runs its turns."""
