"""The words of the model: states, marks, stocks, groups, time. The ground floor: it imports nothing of the project."""
