"""How rules are collected, checked, compiled and run; nothing here knows what a rule means."""
