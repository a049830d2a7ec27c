"""The course: lessons in the order in which they are taught, one file a lesson, and the parts they are made of."""
