package view

// Name is the product's name. Nothing else in the user interface spells it out.
const Name = "Stride"
