"""Work orders: intake, one order with everything around it, search, the board, papers."""
