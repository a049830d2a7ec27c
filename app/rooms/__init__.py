"""The parts of the page for a class: the teacher's side for the projector, the students' for their phones."""
