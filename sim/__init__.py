"""What happens: a simpy model that moves the columns. Never imports the screen."""
