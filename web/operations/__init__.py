"""The pages of those who keep the office running: people, incidents, health."""
