"""Tables, figures, settings, errors, privacy, wording: the ground every other floor stands on."""
