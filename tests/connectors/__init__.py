"""The connectors, against a real Rasa agent in this process and a fake live chat service on loopback."""
