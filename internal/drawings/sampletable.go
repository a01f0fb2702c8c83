package drawings

// sampleRounds are the rounds of [SampleSpec] in which each class's two samples lie: well recognisable, in two styles. The
// styles take turns: a round modulo three is 0 for Noto, 1 for Fluent, 2 for Twemoji.
var sampleRounds = [][2]int{
	{1, 11},  // cat
	{4, 2},   // dog
	{0, 11},  // bird
	{0, 1},   // fish
	{0, 1},   // insect
	{9, 8},   // horse
	{9, 8},   // cow
	{7, 6},   // bear
	{1, 8},   // monkey
	{1, 6},   // mouse-or-rabbit
	{7, 2},   // flower
	{7, 2},   // tree
	{1, 5},   // car
	{4, 8},   // bus-or-truck
	{3, 4},   // train
	{3, 5},   // bicycle
	{4, 5},   // boat
	{4, 5},   // airplane
	{1, 2},   // rocket
	{4, 2},   // cup
	{10, 11}, // glass-or-bottle
	{10, 2},  // coin-or-medal
	{9, 10},  // camera
	{9, 4},   // astronaut
	{2, 7},   // clock
	{4, 8},   // ball
	{6, 11},  // musical-instrument
	{3, 2},   // building
	{9, 10},  // fruit
	{4, 11},  // vegetable
	{3, 4},   // cake
	{0, 10},  // book
	{1, 8},   // computer-or-phone
	{9, 10},  // shoe
	{4, 11},  // hat
	{9, 11},  // bag
}
