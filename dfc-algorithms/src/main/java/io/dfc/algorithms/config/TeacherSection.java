package io.dfc.algorithms.config;

/**
 * The teacher network of the student-teacher data: ReLU layers, linear outputs, no biases.
 *
 * @param inputs number of inputs, at least 1
 * @param outputs number of outputs, at least 1
 * @param width neurons of each hidden layer, at least 1
 * @param depth number of hidden layers, at least 1
 */
public record TeacherSection(int inputs, int outputs, int width, int depth) {}
