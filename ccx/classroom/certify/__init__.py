"""`ccx certify`: proof that each exercise's grader does what its bank says."""
