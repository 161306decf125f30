"""What is wrong with rules that are valid one by one: found without any application, and proved before it is said."""
