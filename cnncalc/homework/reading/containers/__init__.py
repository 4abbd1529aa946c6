"""Where submissions lie: folders and archives as learning platforms pack them, each file read within bounds."""
