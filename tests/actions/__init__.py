"""The actions, as the action server calls them."""
