"""From layers to a plan, pass by pass: each takes steps and gives steps, and knows no op but what it asks it."""
