package kernel

// Implementation is the name of the set of inner loops in use: "generic", "avx2" or "avx512".
func Implementation() string { return "generic" }
