"""Running a net: weights, pictures, the plan and its execution, and what confirms the analysis."""
