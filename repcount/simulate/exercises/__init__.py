"""How each exercise moves a limb: one file an exercise, named by its id; nothing else lists them."""
